import Documents

/// Merges what dbt_project.yml, schema files and `config()` calls say about a node.
struct ConfigResolver: Sendable {
    let root: Package
    let packages: [String: Package]

    /// - Parameters:
    ///   - patch: `config:` of the node's entry in a schema file.
    ///   - unrenderedPatch: the same with its templates.
    ///   - calls: the merged arguments of its `config()` calls.
    func resolve(
        _ type: ResourceType, fqn: [String], package: String, patch: JSON.Members? = nil, unrenderedPatch: JSON.Members? = nil,
        calls: JSON.Members = JSON.Members(),
        unrenderedCalls: JSON.Members? = nil
    ) -> (config: NodeConfig, unrendered: JSON.Members) {
        var config = NodeConfig.defaults(for: type)
        var unrendered = JSON.Members()
        func apply(_ settings: JSON.Members, plain: JSON.Members? = nil) {
            config.merge(settings)
            for entry in (plain ?? settings).entries { unrendered[entry.key] = entry.value }
        }
        let own = packages[package] ?? root
        func apply(_ tree: ConfigTree) {
            let levels = tree.levels(for: fqn)
            let plain = tree.plainLevels(for: fqn).flatMap { $0.count == levels.count ? $0 : nil }
            for (index, level) in levels.enumerated() { apply(level, plain: plain?[index]) }
        }
        apply(own.definition.configTree(for: type))
        if let patch { apply(patch, plain: unrenderedPatch) }
        apply(calls, plain: unrenderedCalls)
        if !own.isRoot {
            // What the project says about a package's nodes wins over what the package itself says.
            apply(root.definition.configTree(for: type))
        }
        if type == .test { Self.settleStoringFailures(&config) }
        return (config, unrendered)
    }

    /// `store_failures` and `store_failures_as` say the same in two ways; the second one wins.
    private static func settleStoringFailures(_ config: inout NodeConfig) {
        if let kind = config["store_failures_as"]?.string {
            config["store_failures"] = .bool(kind != "ephemeral")
        } else if let stores = config["store_failures"]?.bool {
            config["store_failures_as"] = stores ? "table" : "ephemeral"
        }
    }
}

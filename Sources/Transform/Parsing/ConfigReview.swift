import Diagnostics
import Documents

/// Looks at what templates say in `config()`: keys that are probably misspelt, values of the wrong kind.
enum ConfigReview {
    /// What is probably misspelt in the `config()` of any node.
    static func warnings(of manifest: Manifest, world: RenderWorld) -> [Manifest.Warning] {
        manifest.nodes.values.flatMap { node -> [Manifest.Warning] in
            guard !node.unrenderedConfig.isEmpty, node.language == "sql", node.test == nil else { return [] }
            return node.unrenderedConfig.keys.compactMap { warning(of: $0, in: node, world: world) }
        }
    }

    private static func warning(of key: String, in node: Node, world: RenderWorld) -> Manifest.Warning? {
        let section = node.resourceType == .test ? "data_tests" : node.resourceType.rawValue + "s"
        let known = KeyReview.knownConfigKeys(of: section)
        // Keys of schema files and of dbt_project.yml are looked at where they are read.
        guard !known.contains(key), let hint = Suggestion.hint(for: key, in: known.sorted()),
            let location = place(of: key, in: node, world: world)
        else { return nil }
        return .init(
            event: .customKeyInConfig, message: "config() of '\(node.name)' has an unknown key '\(key)'", location: location,
            hint: hint, isOptional: true)
    }

    /// Where a key stands as the name of an argument.
    private static func place(of key: String, in node: Node, world: RenderWorld) -> SourceLocation? {
        let code = node.rawCode
        guard let call = code.firstRange(of: "config") else { return nil }
        var rest = code[call.upperBound...]
        while let found = rest.firstRange(of: key) {
            let before = code[..<found.lowerBound].last
            let after = code[found.upperBound...].first { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
            if after == "=" || after == ":", let before, !before.isLetter, !before.isNumber, before != "_" {
                var (location, _) = StatementPlace.located(found.lowerBound, in: code, path: node.location.file)
                if let line = location.line { location.line = line + world.lineOffset(of: node) }
                return location
            }
            rest = code[found.upperBound...]
        }
        return nil
    }

    private enum Kind: String {
        case flag = "true or false"
        case text = "text"
        case mapping = "a mapping"
    }

    private static let kinds: [String: Kind] = [
        "enabled": .flag, "full_refresh": .flag, "materialized": .text, "alias": .text, "schema": .text, "database": .text,
        "meta": .mapping, "persist_docs": .mapping, "column_types": .mapping, "quoting": .mapping, "grants": .mapping,
        "docs": .mapping, "contract": .mapping, "incremental_strategy": .text, "on_schema_change": .text, "delimiter": .text,
    ]

    /// - Parameter keys: those that something was said of.
    /// - Throws: ``TransformError`` where a value is of the wrong kind.
    static func checkKinds(_ keys: [String], in config: NodeConfig, of name: String, at location: SourceLocation) throws {
        for key in keys {
            guard let kind = kinds[key], let value = config[key], !value.isNull else { continue }
            let fits =
                switch kind {
                case .flag: value.bool != nil
                case .text: value.string != nil
                case .mapping: value.object != nil
                }
            guard !fits else { continue }
            throw TransformError(
                .schema, "the configuration '\(key)' of '\(name)' is \(value.text()), and must be \(kind.rawValue)",
                location: location)
        }
    }
}

extension RenderWorld {
    /// How many lines of a node's file come before its code, which has no white space around it.
    func lineOffset(of node: Node) -> Int {
        guard let package = packages[node.packageName],
            let text = try? ProjectFileSystem.text(of: package.folder + "/" + node.originalPath, calledInErrors: ""),
            let range = text.firstRange(of: node.rawCode)
        else { return 0 }
        return text[..<range.lowerBound].count { $0.isNewline }
    }
}

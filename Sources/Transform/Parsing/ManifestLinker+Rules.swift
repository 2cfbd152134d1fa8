import Diagnostics
import Documents

/// What dbt refuses although every name leads somewhere.
extension ManifestLinker {
    /// - Throws: ``TransformError`` for groups that there are not, models that others may not refer to, and snapshots and
    ///   microbatch models that lack a setting.
    func checkRules() throws {
        let groups = Set(manifest.groups.map(\.name))
        let guarded = guardedModels
        for node in manifest.nodes.values {
            try checkGroup(of: node, among: groups)
            try checkAccess(of: node, to: guarded)
            try checkSettings(of: node)
        }
        guard !guarded.isEmpty else { return }
        for exposure in manifest.exposures.values {
            for id in exposure.dependsOnNodes where guarded.contains(id) {
                guard let target = manifest.nodes[id] else { continue }
                try refuse(target, to: exposure.id.rawValue, group: nil, package: exposure.packageName, at: exposure.location)
            }
        }
    }

    /// The same for one node that has changed.
    func checkRules(of node: Node) throws {
        try checkGroup(of: node, among: Set(manifest.groups.map(\.name)))
        try checkAccess(of: node, to: guardedModels)
        try checkSettings(of: node)
    }

    /// The models that not everybody may refer to.
    private var guardedModels: Set<NodeID> {
        let closed = Set(world.packages.values.filter(\.definition.restrictAccess).map(\.name))
        return Set(
            manifest.nodes.values.lazy.filter {
                $0.resourceType == .model
                    && ($0.access == "private" || ($0.access == "protected" && closed.contains($0.packageName)))
            }.map(\.id))
    }

    private func checkGroup(of node: Node, among groups: Set<String>) throws {
        guard let group = node.group, !groups.contains(group) else { return }
        throw TransformError(
            .schema, "Invalid group '\(group)' of \(node.id)", location: node.location,
            hint: Suggestion.hint(for: group, in: groups.sorted())
                ?? (groups.isEmpty
                    ? "describe it under 'groups:' in a schema file"
                    : "there are: \(groups.sorted().joined(separator: ", "))"))
    }

    private func checkAccess(of node: Node, to guarded: Set<NodeID>) throws {
        guard !guarded.isEmpty, node.resourceType != .seed else { return }
        for id in node.dependsOnNodes where guarded.contains(id) {
            guard let target = manifest.nodes[id], target.id != node.unitTest?.dependsOnNodes.first else { continue }
            try refuse(
                target, to: node.id.rawValue, group: node.group, package: node.packageName,
                at: place(of: target.name, in: node) ?? node.location)
        }
    }

    private func refuse(
        _ target: Node, to id: String, group: String?, package: String, at location: SourceLocation
    ) throws {
        let isClosed = world.packages[target.packageName]?.definition.restrictAccess ?? false
        let isForeign = package != target.packageName && isClosed
        let isPrivate = target.access == "private"
        guard isForeign || (isPrivate && (group == nil || group != target.group)) else { return }
        let scope = isPrivate ? "'\(target.group ?? "")' group" : "'\(target.packageName)' package"
        throw TransformError(
            .schema,
            "Node \(id) attempted to reference node \(target.id), which is not allowed because the referenced node is "
                + "\(target.access ?? "private") to the \(scope).", location: location,
            hint: isPrivate && !isForeign
                ? "put both into one group, or make '\(target.name)' protected or public" : "make '\(target.name)' public")
    }

    private func checkSettings(of node: Node) throws {
        func refuse(_ message: String, hint: String? = nil) throws -> Never {
            throw TransformError(.schema, message, location: node.location, hint: hint)
        }
        if node.resourceType == .snapshot {
            let strategy = node.config["strategy"]?.string ?? ""
            let key = node.config["unique_key"]
            let columns = node.config["check_cols"] ?? .null
            if strategy.isEmpty || key == nil || key == .null || key == "" {
                try refuse(
                    "Snapshots must be configured with a 'strategy' and 'unique_key'.",
                    hint:
                        "the snapshot '\(node.name)' lacks \(strategy.isEmpty ? "a strategy: timestamp or check" : "a unique_key")"
                )
            }
            if strategy == "check", columns.isNull || columns == [] || columns == "" {
                try refuse("A snapshot configured with the check strategy must specify a check_cols configuration.")
            }
            if strategy == "check", let text = columns.string, text != "all" {
                try refuse("Invalid value for 'check_cols': \(text). Expected 'all' or a list of strings.")
            }
            if strategy == "timestamp", (node.config["updated_at"]?.string ?? "").isEmpty {
                try refuse("A snapshot configured with the timestamp strategy must specify an updated_at configuration.")
            }
            if strategy == "timestamp", !columns.isNull, columns != [] {
                try refuse("A 'timestamp' snapshot should not have 'check_cols'")
            }
        } else if node.isMicrobatch {
            let model = "Microbatch model '\(node.name)' must provide"
            if (node.config["event_time"]?.string ?? "").isEmpty {
                try refuse(
                    "\(model) an 'event_time' (string) config that indicates the name of the event time column.")
            }
            if node.config["begin"] ?? .null == .null {
                try refuse(
                    "\(model) a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be "
                        + "built from.")
            }
            let sizes = BatchSize.allCases.map(\.rawValue)
            if !sizes.contains(node.config["batch_size"]?.string ?? "") {
                try refuse("\(model) a 'batch_size' config that is one of: \(sizes.joined(separator: ", ")).")
            }
        }
    }
}

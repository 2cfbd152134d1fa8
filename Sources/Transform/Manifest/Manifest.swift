package import Diagnostics

/// Everything that a project is made of, read and linked. Never changes after it was read.
package struct Manifest: Sendable {
    package var projectName: String
    package var nodes: IDTable<Node> = [:]
    package var sources: IDTable<SourceDefinition> = [:]
    package var exposures: IDTable<Exposure> = [:]
    /// Metrics, semantic models and saved queries.
    package var semantics: IDTable<SemanticResource> = [:]
    package var docs: [DocBlock] = []
    package var groups: [Group] = []
    package var unitTests: IDTable<UnitTest> = [:]
    package var disabledExposures: [Exposure] = []
    package var disabledUnitTests: [UnitTest] = []
    package var disabledSemantics: [SemanticResource] = []
    package var disabled: [Node] = []
    package var disabledSources: [SourceDefinition] = []
    /// Hooks of the projects before and after a run, in order.
    package var operations: [Node] = []
    /// What is allowed but ought to change, and where.
    package var warnings: [Warning] = []

    /// What schema files say about macros, by id.
    var macroPatches: [String: MacroPatch] = [:]
    var refIndex: [String: [NodeID]] = [:]

    /// Something that works and should be mended all the same.
    package struct Warning: Sendable, Hashable {
        package var event: WarningEvent = .jinjaLog
        package var message: String
        package var location: SourceLocation?
        package var hint: String?
        /// Whether dbt would say nothing.
        package var isOptional = false
    }

    package init(projectName: String) { self.projectName = projectName }

    /// The node with the id; nil for sources and for what does not exist.
    package func node(_ id: NodeID) -> Node? { nodes[id] }

    /// The node or hook with the id.
    package func anyNode(_ id: NodeID) -> Node? { runnable(id) ?? operations.first { $0.id == id } }

    /// The node that `ref()` means, looked for in the caller's package, then the project, then anywhere.
    func resolve(_ ref: RefCall, from package: String) -> Node? {
        resolveID(ref, from: package).flatMap { nodes[$0] }
    }

    /// Prepares ``resolve(_:from:)``.
    mutating func indexReferences() {
        for index in nodes.values.indices where nodes.values[index].resourceType.isReferable {
            refIndex[nodes.values[index].name, default: []].append(nodes.keys[index])
        }
    }

    /// The id of what ``resolve(_:from:)`` finds.
    func resolveID(_ ref: RefCall, from package: String) -> NodeID? {
        guard let candidates = refIndex[ref.name] else { return nil }
        var best: (id: NodeID, rank: Int)?
        for id in candidates {
            guard let index = nodes.index(of: id), isMeant(nodes.values[index], by: ref) else { continue }
            let owner = nodes.values[index].packageName
            let rank = ref.package != nil || owner == package ? 0 : owner == projectName ? 1 : 2
            if best.map({ rank < $0.rank }) ?? true { best = (id, rank) }
        }
        return best?.id
    }

    private func isMeant(_ node: borrowing Node, by ref: RefCall) -> Bool {
        if let wanted = ref.package, node.packageName != wanted { return false }
        if let version = ref.version { return node.version == version }
        return node.version == nil || node.version == node.latestVersion
    }

    /// The source table that `source()` means.
    func resolve(_ call: SourceCall, from package: String) -> SourceDefinition? {
        for candidate in [package, projectName] {
            if let found = sources[NodeID("source.\(candidate).\(call.source).\(call.table)")] { return found }
        }
        return sources.values.first { $0.sourceName == call.source && $0.name == call.table }
    }

    /// The metric of that name, looked for in the caller's package, then the project, then anywhere.
    func resolveMetric(_ name: String, package: String? = nil, from caller: String) -> SemanticResource? {
        for candidate in package.map({ [$0] }) ?? [caller, projectName] {
            if let found = semantics[NodeID("metric.\(candidate).\(name)")] { return found }
        }
        if package != nil { return nil }
        return semantics.values.first { $0.resourceType == .metric && $0.name == name }
    }

    /// The text of a `doc()` block.
    func doc(_ name: String, package: String?, from caller: String) -> DocBlock? {
        if let package { return docs.first { $0.name == name && $0.packageName == package } }
        return docs.first { $0.name == name && $0.packageName == caller }
            ?? docs.first { $0.name == name && $0.packageName == projectName } ?? docs.first { $0.name == name }
    }
}

import Diagnostics
import Documents
import Jinja
import Postgres
import Synchronization

/// A dbt project, read and ready to run.
///
/// ```swift
/// let session = try await TransformSession.load(options)
/// let plan = try session.plan(.build, select: ["marts"])
/// let results = try await session.execute(plan) { event in print(event) }
/// ```
/// Whoever schedules nodes by itself calls ``prepare(_:events:)``, then ``runNode(_:events:)`` for each node of the
/// plan (many at a time; at most ``threads`` run), then ``finish(_:events:)``.
package final class TransformSession: Sendable {
    package let options: InvocationOptions
    package let manifest: Manifest
    package var graph: NodeGraph { lazyGraph.value }
    package let profile: Profile
    /// The folder of compiled files and artifacts; absolute.
    package var targetFolder: String { world.targetFolder }
    /// The name of the profile's target.
    package var targetName: String { profile.targetName }
    /// How many nodes run at a time.
    package var threads: Int { profile.threads }

    let lazyGraph: LazyGraph
    let world: RenderWorld
    let compiler: NodeCompiler
    let cache = RelationCache()
    /// Where the manifest is kept for the next invocation.
    let manifestCache: ManifestCache?
    let pool: WorkerPool
    /// The plan that the warehouse was prepared for.
    let preparedPlan = Mutex<ExecutionPlan?>(nil)
    /// The other states of the project that the command line names.
    let states: States
    /// The entries of selectors.yml.
    let selectors: [NamedSelector]

    init(
        options: InvocationOptions, world: RenderWorld, manifest: Manifest, parsed: ManifestCache?,
        states: States = States(), selectors: [NamedSelector] = []
    ) {
        manifestCache = parsed
        self.states = states
        self.selectors = selectors
        self.options = options
        self.world = world
        self.manifest = manifest
        lazyGraph = LazyGraph(manifest)
        profile = world.profile
        compiler = NodeCompiler(world: world)
        pool = WorkerPool(limit: world.profile.threads, credentials: world.profile.credentials, cache: cache)
    }

    /// Chooses nodes and brings them into order.
    ///
    /// - Parameters:
    ///   - select: instead of the options' own, where given.
    ///   - exclude: instead of the options' own, where given.
    /// - Throws: ``TransformError`` for selections that cannot be read and circles in the graph.
    package func plan(_ command: Command, select: [String]? = nil, exclude: [String]? = nil) throws -> ExecutionPlan {
        try Planner(manifest: manifest, graph: graph).plan(selection(command, select: select, exclude: exclude), for: command)
    }

    /// Some nodes in order, whatever is selected.
    package func plan(_ command: Command, only ids: Set<NodeID>) throws -> ExecutionPlan {
        try Planner(manifest: manifest, graph: graph).plan(ids, for: command)
    }

    /// The ids of all that is selected, of any type.
    package func selectedIDs() throws -> Set<NodeID> { try selection(.list) }

    /// The ids of what a selection means, of any type, whatever the options select.
    package func selectedIDs(_ select: String) throws -> Set<NodeID> { try selection(.list, select: [select], exclude: []) }

    /// Where a node's SQL is written when it is compiled; absolute.
    package func compiledFile(of node: Node) -> String { targetFolder + "/compiled/" + RunFiles.path(of: node) }

    /// The ids that a command is about.
    func selection(_ command: Command, select: [String]? = nil, exclude: [String]? = nil) throws -> Set<NodeID> {
        let expression = try expression(select: select, exclude: exclude)
        var types = command.resourceTypes
        if !options.resourceTypes.isEmpty {
            types = command == .list ? options.resourceTypes : types.intersection(options.resourceTypes)
        }
        types.subtract(options.excludedResourceTypes)
        var selector = selector
        selector.types = types
        try selector.check(expression)
        return selector.select(expression)
    }

    /// The words of the selection that nothing fits, for a warning.
    package func idleSelections(select: [String]? = nil, exclude: [String]? = nil) throws -> [String] {
        selector.idleCriteria(in: try expression(select: select, exclude: exclude))
    }

    /// What a selection by state has to say of contracts that were broken since, for warnings.
    package func contractWarnings() throws -> [String] {
        let expression = try expression(select: nil, exclude: nil)
        return selector.comparison?.contractWarnings(expression, in: manifest) ?? []
    }

    /// What is asked for: a selection, a selector of selectors.yml, or the default one of these.
    private func expression(select: [String]?, exclude: [String]?) throws -> SelectionExpression {
        if let name = options.selector, select == nil {
            guard let named = selectors.first(where: { $0.name == name }) else { throw selector.unknownSelector(name) }
            try selector.check(named.expression, in: [name])
            return named.expression
        }
        let isBare = (select ?? options.select).isEmpty && (exclude ?? options.exclude).isEmpty
        if isBare, let standard = selectors.first(where: \.isDefault) { return standard.expression }
        return try SelectionExpression(select: select ?? options.select, exclude: exclude ?? options.exclude)
    }

    private var selector: NodeSelector {
        var selector = NodeSelector(
            manifest: manifest, graph: graph, projectFolder: world.root.folder, indirectSelection: options.indirectSelection,
            types: Set(ResourceType.allCases))
        selector.states = states
        selector.comparison = states.previous.flatMap { $0.hasManifest ? StateComparison($0, world: world) : nil }
        selector.selectors = selectors
        return selector
    }

    /// How many things of each type there are, for a first line: `4 models, 31 data tests, 1 seed`.
    package var summary: String {
        func counted(_ count: Int, _ name: String, _ names: String? = nil) -> String? {
            count == 0 ? nil : "\(count) \(count == 1 ? name : names ?? name + "s")"
        }
        let semantics = Dictionary(grouping: manifest.semantics.values, by: \.resourceType).mapValues(\.count)
        let counts = nodeCounts.map { type, count in
            switch type {
            case .analysis: counted(count, "analysis", "analyses")
            case .test: counted(count, "data test")
            default: counted(count, type.rawValue)
            }
        }
        return
            (counts + [
                counted(manifest.sources.count, "source"), counted(manifest.exposures.count, "exposure"),
                counted(semantics[.metric] ?? 0, "metric"), counted(world.macros.all.count, "macro"),
                counted(manifest.groups.count, "group"), counted(semantics[.semanticModel] ?? 0, "semantic model"),
                counted(semantics[.savedQuery] ?? 0, "saved query", "saved queries"),
                counted(manifest.unitTests.count, "unit test"),
            ]).compactMap { $0 }.joined(separator: ", ")
    }

    /// The nodes by type, in the order in which dbt meets the types: files of SQL, seeds, hooks, and then what YAML
    /// defines. Functions are no nodes to dbt.
    private var nodeCounts: [(type: ResourceType, count: Int)] {
        var counts: [(type: ResourceType, count: Int)] = []
        func add(_ type: ResourceType, _ count: Int = 1) {
            guard count > 0 else { return }
            if let index = counts.firstIndex(where: { $0.type == type }) {
                counts[index].count += count
            } else {
                counts.append((type, count))
            }
        }
        func isFromYAML(_ node: Node) -> Bool { node.test != nil || !node.originalPath.hasSuffix(".sql") }
        let nodes = manifest.nodes.values.filter { $0.resourceType != .function && $0.resourceType != .operation }
        let types: [ResourceType] = [.model, .snapshot, .analysis, .test, .seed]
        for type in types {
            let own = nodes.filter { $0.resourceType == type && (type == .seed || type == .model || !isFromYAML($0)) }
            add(type, own.count)
        }
        add(.operation, manifest.operations.count)
        for node in nodes where isFromYAML(node) && ![.seed, .model].contains(node.resourceType) { add(node.resourceType) }
        return counts
    }

    /// Closes the connections and ends the threads.
    package func close() async { await pool.close() }
}

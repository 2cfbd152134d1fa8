import Transform

extension DbtTaskGraph {
    /// The nodes of a plan as tasks.
    ///
    /// The plan is dbt's for `build`, in which what reads a node waits for the node's tests too.
    init(_ plan: ExecutionPlan, of manifest: Manifest, tests: TaskEntry.Tests) {
        let isTest: (NodeID) -> Bool = { manifest.node($0)?.resourceType == .test }
        let upstreams = Dictionary(plan.nodes.map { ($0.id, $0.upstream) }, uniquingKeysWith: { first, _ in first })
        hasClosingHooks = manifest.operations.contains { $0.tags == ["on-run-end"] } && !plan.isEmpty
        let builds = plan.ids.filter { !isTest($0) }
        // The tests that are part of another node's task.
        var owners: [NodeID: NodeID] = [:]
        var ownTests: [NodeID: [String]] = [:]
        if tests == .build {
            for test in plan.ids where isTest(test) {
                guard let tested = manifest.node(test).flatMap(Self.testedNode), upstreams[tested] != nil else { continue }
                owners[test] = tested
                ownTests[tested, default: []].append(test.rawValue)
            }
        }
        nodes = plan.nodes.compactMap { planned in
            guard let node = manifest.node(planned.id), owners[planned.id] == nil else { return nil }
            var upstream = planned.upstream
            if tests == .build {
                var seen: Set<NodeID> = [planned.id]
                upstream = upstream.map { owners[$0] ?? $0 }.filter { seen.insert($0).inserted }
            } else if tests != .afterEach {
                if isTest(planned.id) {
                    guard tests == .afterAll else { return nil }
                    upstream = builds
                } else {
                    upstream = Self.withoutTests(upstream, upstreams, isTest)
                }
            }
            return Node(
                id: planned.id.rawValue, name: node.name, kind: node.resourceType.rawValue,
                testedNode: tests == .afterEach ? Self.testedNode(node)?.rawValue : nil, ownTests: ownTests[planned.id] ?? [],
                upstream: upstream.map(\.rawValue), description: node.description.isEmpty ? nil : node.description)
        }
    }

    /// The only node that a test looks at.
    private static func testedNode(_ node: Transform.Node) -> NodeID? {
        guard node.resourceType == .test, node.dependsOnNodes.count == 1 else { return nil }
        return node.dependsOnNodes[0]
    }

    /// The nodes that `upstream` waits for once tests hold nothing back.
    private static func withoutTests(
        _ upstream: [NodeID], _ upstreams: [NodeID: [NodeID]], _ isTest: (NodeID) -> Bool
    ) -> [NodeID] {
        var found: [NodeID] = []
        var seen: Set<NodeID> = []
        var open = upstream
        while let id = open.popLast() {
            guard seen.insert(id).inserted else { continue }
            if isTest(id) { open += upstreams[id] ?? [] } else { found.append(id) }
        }
        return found.sorted()
    }
}

/// Tells which node of a plan may run next. Pure: results go in, positions come out.
struct Schedule {
    private let plan: ExecutionPlan
    private var missing: [Int]
    private var dependents: [[Int]]
    private var ready: [Int]
    private var nextReady = 0
    private var blockers: [NodeID?]

    struct Next: Hashable {
        /// The place in the plan.
        var position: Int
        /// The node because of which this one must not run.
        var blockedBy: NodeID?
    }

    init(_ plan: ExecutionPlan) {
        self.plan = plan
        let positions = Dictionary(plan.nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
        missing = plan.nodes.map { $0.upstream.count { positions[$0] != nil } }
        dependents = Array(repeating: [], count: plan.nodes.count)
        for (position, node) in plan.nodes.enumerated() {
            for parent in node.upstream.compactMap({ positions[$0] }) { dependents[parent].append(position) }
        }
        ready = []
        blockers = Array(repeating: nil, count: plan.nodes.count)
        ready = plan.nodes.indices.filter { missing[$0] == 0 }
    }

    /// The next node whose upstream has ended; nil where all that remains waits.
    mutating func next() -> Next? {
        guard nextReady < ready.count else { return nil }
        defer { nextReady += 1 }
        return Next(position: ready[nextReady], blockedBy: blockers[ready[nextReady]])
    }

    /// Notes how a node ended; what depends on a failure is blocked, by its first cause.
    mutating func finished(_ position: Int, _ result: NodeResult) {
        for dependent in dependents[position] {
            if result.status.blocksDependents, blockers[dependent] == nil {
                blockers[dependent] = result.skippedBecauseOf ?? result.id
            }
            missing[dependent] -= 1
            if missing[dependent] == 0 { ready.append(dependent) }
        }
    }
}

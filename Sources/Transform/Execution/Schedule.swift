/// Tells which node of a plan may run next. Pure: results go in, positions come out.
///
/// Of those that may, the one with the fewest generations above it comes first, then the one whose id sorts first: dbt's
/// order, in which seeds start before the tests that read them without a `ref()`.
struct Schedule {
    private let plan: ExecutionPlan
    private var missing: [Int]
    private var dependents: [[Int]]
    /// The places of those that may run, the next one last.
    private var ready: [Int]
    /// The order of all nodes: the lower, the sooner.
    private var ranks: [Int]
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
        ranks = Self.ranks(of: plan, dependents)
        ready = plan.nodes.indices.filter { missing[$0] == 0 }.sorted { [ranks] in ranks[$0] > ranks[$1] }
    }

    private static func ranks(of plan: ExecutionPlan, _ dependents: [[Int]]) -> [Int] {
        var levels = Array(repeating: 0, count: plan.nodes.count)
        // Nodes stand after those that they need.
        for position in plan.nodes.indices {
            for dependent in dependents[position] { levels[dependent] = max(levels[dependent], levels[position] + 1) }
        }
        let order = plan.nodes.indices.sorted {
            levels[$0] == levels[$1] ? plan.nodes[$0].id.rawValue < plan.nodes[$1].id.rawValue : levels[$0] < levels[$1]
        }
        var ranks = Array(repeating: 0, count: plan.nodes.count)
        for (rank, position) in order.enumerated() { ranks[position] = rank }
        return ranks
    }

    private mutating func insert(_ position: Int) {
        var (low, high) = (0, ready.count)
        while low < high {
            let middle = (low + high) / 2
            if ranks[ready[middle]] > ranks[position] { low = middle + 1 } else { high = middle }
        }
        ready.insert(position, at: low)
    }

    /// The next node whose upstream has ended; nil where all that remains waits.
    mutating func next() -> Next? {
        guard let position = ready.popLast() else { return nil }
        return Next(position: position, blockedBy: blockers[position])
    }

    /// Notes how a node ended; what depends on a failure is blocked, by its first cause.
    mutating func finished(_ position: Int, _ result: NodeResult) {
        for dependent in dependents[position] {
            if result.status.blocksDependents, blockers[dependent] == nil {
                blockers[dependent] = result.skippedBecauseOf ?? result.id
            }
            missing[dependent] -= 1
            if missing[dependent] == 0 { insert(dependent) }
        }
    }
}

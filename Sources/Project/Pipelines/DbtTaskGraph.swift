/// What a pipeline needs to know of a dbt project to make tasks of its nodes.
struct DbtTaskGraph: Sendable {
    struct Node: Sendable {
        /// dbt's unique_id.
        let id: String
        let name: String
        /// `model`, `seed`, `snapshot` or `test`.
        let kind: String
        /// For tests of one model, seed, snapshot: its unique_id. Nil for all others, and for tests of several nodes.
        let testedNode: String?
        /// The tests that run in the node's own task.
        let ownTests: [String]
        /// The unique_ids of the nodes that this one waits for.
        let upstream: [String]
        let description: String?
    }

    /// In the order of the graph.
    let nodes: [Node]
    /// Whether the project has hooks that run when all nodes have ended.
    let hasClosingHooks: Bool
}

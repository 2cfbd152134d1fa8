/// Which nodes run, in which order.
package struct ExecutionPlan: Sendable {
    /// The command that it is for: `build`, `run` ...
    package var command: Command
    /// In an order in which they could run one after the other.
    package var nodes: [PlannedNode]

    package var ids: [NodeID] { nodes.map(\.id) }
    package var isEmpty: Bool { nodes.isEmpty }
}

/// A node of a plan.
package struct PlannedNode: Sendable, Hashable {
    package var id: NodeID
    /// The nearest selected nodes above it, all of which must have succeeded.
    package var upstream: [NodeID]
}

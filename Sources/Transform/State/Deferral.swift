/// Which refs mean relations of another state.
struct Deferral: Sendable {
    let state: ProjectState
    /// Whether the other state is preferred even where the relation exists here.
    let favorsState: Bool

    /// The relation that a ref to `node` means, if not the node's own.
    ///
    /// - Parameters:
    ///   - selected: the nodes of the invocation, which are always their own.
    ///   - exists: whether the node's own relation is there.
    func relation(for node: Node, selected: Set<NodeID>, exists: () throws -> Bool) rethrows -> Relation? {
        guard !selected.contains(node.id), let other = state.relation(of: node.id) else { return nil }
        return try favorsState || !exists() ? other : nil
    }
}

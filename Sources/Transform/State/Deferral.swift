/// Which refs mean relations of another state.
struct Deferral: Sendable {
    let state: ProjectState
    /// Whether the other state is preferred even where the relation exists here.
    let favorsState: Bool

    /// The relation that a ref to `node` means, if not the node's own.
    ///
    /// - Parameters:
    ///   - selected: the nodes of the invocation, which are their own as soon as they are there, whatever is favored.
    ///   - other: the node's relation in the other state, if it has one.
    ///   - exists: whether the node's own relation is there.
    func relation(
        for node: Node, selected: Set<NodeID>, other: () -> Relation?, exists: () throws -> Bool
    ) rethrows -> Relation? {
        guard !node.isEphemeral, let other = other() else { return nil }
        if favorsState, !selected.contains(node.id) { return other }
        return try exists() ? nil : other
    }
}

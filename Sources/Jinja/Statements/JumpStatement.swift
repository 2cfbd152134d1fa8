/// `{% break %}` or `{% continue %}`.
struct JumpStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let completion: Completion
    }

    static let kind = NodeKind.jump
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ completion: Completion, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.jump, offset), completion: completion))
    }
}

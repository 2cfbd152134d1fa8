/// `not value`.
struct NotExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let operand: Expression
    }

    static let kind = NodeKind.not
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ operand: Expression, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.not, offset, height: operand.height + 1), operand: operand))
    }
}

/// `{% do expression %}`.
struct DoStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let expression: Expression
    }

    static let kind = NodeKind.doExpression
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ expression: Expression, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.doExpression, offset), expression: expression))
    }
}

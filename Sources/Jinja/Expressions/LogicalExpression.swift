/// `left and right` or `left or right`, which give one of the operands.
struct LogicalExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let isAnd: Bool
        let left: Expression
        let right: Expression
    }

    static let kind = NodeKind.logical
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ left: Expression, _ right: Expression, isAnd: Bool, _ arena: Arena, offset: Int) {
        let head = NodeHead(.logical, offset, height: max(left.height, right.height) + 1)
        node = arena.make(Storage(head: head, isAnd: isAnd, left: left, right: right))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try node.pointee.left.evaluate(frame, runtime)
        let truth = try locating(frame) { try value.truth() }
        return truth == node.pointee.isAnd ? try node.pointee.right.evaluate(frame, runtime) : value
    }

    func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let isAnd = node.pointee.isAnd
        guard try node.pointee.left.nearTest(frame, runtime) == isAnd else { return !isAnd }
        return try node.pointee.right.nearTest(frame, runtime)
    }
}

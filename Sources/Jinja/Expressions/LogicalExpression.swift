/// `left and right` or `left or right`, which give one of the operands.
package final class LogicalExpression: Expression, @unchecked Sendable {
    package let left: Expression
    package let right: Expression
    package let isAnd: Bool

    init(_ left: Expression, _ right: Expression, isAnd: Bool, offset: Int) {
        self.left = left
        self.right = right
        self.isAnd = isAnd
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try left.evaluate(frame, runtime)
        let truth = try locating(frame) { try value.truth() }
        return truth == isAnd ? try right.evaluate(frame, runtime) : value
    }

    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        try left.test(frame, runtime) == isAnd ? try right.test(frame, runtime) : !isAnd
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(left)
        visit(right)
    }
    override var targetDescription: String { isAnd ? "and" : "or" }
}

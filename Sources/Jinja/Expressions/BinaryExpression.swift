/// An arithmetic operation.
package final class BinaryExpression: Expression, @unchecked Sendable {
    package let operation: BinaryOperator
    package let left: Expression
    package let right: Expression

    init(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, offset: Int) {
        self.operation = operation
        self.left = left
        self.right = right
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let first = try left.evaluate(frame, runtime)
        let second = try right.evaluate(frame, runtime)
        return try locating(frame) { try Arithmetic.apply(operation, first, second, runtime) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(left)
        visit(right)
    }
    override var targetDescription: String {
        switch operation {
        case .add: "add"
        case .subtract: "sub"
        case .multiply: "mul"
        case .divide: "div"
        case .floorDivide: "floordiv"
        case .modulo: "mod"
        case .power: "pow"
        }
    }
}

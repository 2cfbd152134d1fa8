/// An arithmetic operation.
package final class BinaryExpression: Expression, @unchecked Sendable {
    package let operation: BinaryOperator
    package let left: Expression
    package let right: Expression
    /// The right operand, when it is a small integer in the source.
    private let number: Int?

    init(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, offset: Int) {
        self.operation = operation
        self.left = left
        self.right = right
        if let literal = right as? LiteralExpression, case .int(let value) = literal.value {
            number = value
        } else {
            number = nil
        }
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let first = try left.evaluate(frame, runtime)
        let second: Value
        if let number { second = .int(number) } else { second = try right.evaluate(frame, runtime) }
        if case .int(let a) = first, case .int(let b) = second, let result = Arithmetic.fast(operation, a, b) {
            return .int(result)
        }
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

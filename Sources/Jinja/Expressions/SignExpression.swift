/// `-value` or `+value`.
package final class SignExpression: Expression, @unchecked Sendable {
    package let operand: Expression
    package let isNegative: Bool

    init(_ operand: Expression, isNegative: Bool, offset: Int) {
        self.operand = operand
        self.isNegative = isNegative
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try operand.evaluate(frame, runtime)
        return try locating(frame) { try apply(value) }
    }

    private func apply(_ value: Value) throws -> Value {
        switch Number(value) {
        case .int(let number): return isNegative ? (-BigInteger(number)).value : .int(number)
        case .big(let number): return isNegative ? (-number).value : value
        case .double(let number): return .double(isNegative ? -number : number)
        case nil:
            if case .undefined(let undefined) = value { throw undefined.error }
            throw TemplateError.type("bad operand type for unary \(isNegative ? "-" : "+"): '\(value.typeName)'")
        }
    }

    override package var constant: Value? { operand.constant.flatMap { try? apply($0) } }
    override package func visitChildren(_ visit: (Node) -> Void) { visit(operand) }
    override var targetDescription: String { isNegative ? "neg" : "pos" }
}

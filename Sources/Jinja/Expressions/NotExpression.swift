/// `not value`.
package final class NotExpression: Expression, @unchecked Sendable {
    package let operand: Expression

    init(_ operand: Expression, offset: Int) {
        self.operand = operand
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .bool(try test(frame, runtime)) }
    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool { try !operand.test(frame, runtime) }
    override package func visitChildren(_ visit: (Node) -> Void) { visit(operand) }
    override var targetDescription: String { "not" }
}

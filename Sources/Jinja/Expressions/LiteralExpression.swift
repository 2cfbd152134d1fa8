/// A number, string, truth value or `none`.
package final class LiteralExpression: Expression, @unchecked Sendable {
    let literal: Literal

    init(_ literal: Literal, offset: Int) {
        self.literal = literal
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { literal.value }
    override package var constant: Value? { literal.value }
    override var targetDescription: String { "const" }
}

/// A number, string, truth value or `none`, or what operators and filters make of such.
///
/// The value is one of those that cannot change, so that threads can share it.
package final class LiteralExpression: Expression, @unchecked Sendable {
    let value: Value

    init(_ value: Value, offset: Int) {
        self.value = value
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { value }
    override package var constant: Value? { value }
    override var targetDescription: String { "const" }
}

/// `{% do expression %}`.
package final class DoStatement: Statement, @unchecked Sendable {
    package let expression: Expression

    init(_ expression: Expression, offset: Int) {
        self.expression = expression
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        _ = try expression.evaluate(frame, runtime)
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(expression) }
}

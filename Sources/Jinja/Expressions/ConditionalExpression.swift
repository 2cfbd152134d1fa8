/// `value if condition else other`.
package final class ConditionalExpression: Expression, @unchecked Sendable {
    package let condition: Expression
    package let value: Expression
    package let otherwise: Expression?

    init(_ condition: Expression, _ value: Expression, _ otherwise: Expression?, offset: Int) {
        self.condition = condition
        self.value = value
        self.otherwise = otherwise
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if try condition.test(frame, runtime) { return try value.evaluate(frame, runtime) }
        if let otherwise { return try otherwise.evaluate(frame, runtime) }
        var place = "line \(frame.source.position(of: offset).line)"
        if let name = frame.source.name { place += " in \(Value.string(name).pythonRepr)" }
        let hint = "the inline if-expression on \(place) evaluated to false and no else section was defined."
        // Whatever the environment's kind, this one is lenient, as in Jinja.
        return .undefined(Undefined(.hint(hint)))
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(condition)
        visit(value)
        if let otherwise { visit(otherwise) }
    }
    override var targetDescription: String { "condexpr" }
}

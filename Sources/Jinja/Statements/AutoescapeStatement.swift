/// `{% autoescape value %}...{% endautoescape %}`.
package final class AutoescapeStatement: Statement, @unchecked Sendable {
    package let value: Expression
    package let body: Body
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = ScopeLayout.empty

    init(_ value: Expression, _ body: Body, offset: Int) {
        self.value = value
        self.body = body
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(layout, runtime)
        let outer = runtime.autoescapes
        defer { runtime.autoescapes = outer }
        runtime.autoescapes = try value.test(frame, runtime)
        let completion = try body.execute(frame, runtime, &output)
        frame.leave(layout)
        return completion
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(value)
        body.visitChildren(visit)
    }
}

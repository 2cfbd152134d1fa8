/// `{% filter name %}...{% endfilter %}`.
package final class FilterBlockStatement: Statement, @unchecked Sendable {
    package let filter: FilterExpression
    package let body: Body
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = ScopeLayout.empty

    init(_ filter: FilterExpression, _ body: Body, offset: Int) {
        self.filter = filter
        self.body = body
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(layout, runtime)
        var block = Output(isNative: output.isNative)
        let completion = try body.execute(frame, runtime, &block)
        if completion != .normal { return completion }
        let value = try filter.apply(to: try block.value(runtime), frame, runtime)
        try locating(frame) { try output.append(value, runtime) }
        frame.leave(layout)
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(filter)
        body.visitChildren(visit)
    }
}

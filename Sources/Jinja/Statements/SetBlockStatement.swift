/// `{% set target %}...{% endset %}`, with a filter or without.
package final class SetBlockStatement: Statement, @unchecked Sendable {
    package let target: Expression
    package let filter: FilterExpression?
    package let body: Body
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = ScopeLayout.empty

    init(_ target: Expression, filter: FilterExpression?, _ body: Body, offset: Int) {
        self.target = target
        self.filter = filter
        self.body = body
        super.init(offset: offset)
    }

    override var setsNames: Bool { true }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(layout, runtime)
        var block = Output(isNative: output.isNative)
        let completion = try body.execute(frame, runtime, &block)
        if completion != .normal { return completion }
        var value = try block.value(runtime)
        if let filter { value = try filter.apply(to: value, frame, runtime) }
        if runtime.autoescapes, case .string(let text) = value { value = .markup(text) }
        try Assignment.assign(value, to: target, frame, runtime)
        frame.leave(layout)
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(target)
        if let filter { visit(filter) }
        body.visitChildren(visit)
    }
}

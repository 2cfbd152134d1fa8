/// `{% with name = value %}...{% endwith %}`.
package final class WithStatement: Statement, @unchecked Sendable {
    package let targets: [Expression]
    package let values: [Expression]
    package let body: Body
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = ScopeLayout.empty

    init(_ targets: [Expression], _ values: [Expression], _ body: Body, offset: Int) {
        self.targets = targets
        self.values = values
        self.body = body
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(layout, runtime)
        for (target, value) in zip(targets, values) {
            try Assignment.assign(try value.evaluate(frame, runtime), to: target, frame, runtime)
        }
        let completion = try body.execute(frame, runtime, &output)
        frame.leave(layout)
        return completion
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        values.forEach(visit)
        targets.forEach(visit)
        body.visitChildren(visit)
    }
}

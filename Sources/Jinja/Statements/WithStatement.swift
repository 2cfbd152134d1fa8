/// `{% with name = value %}...{% endwith %}`.
struct WithStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let targets: NodeList<Expression>
        let values: NodeList<Expression>
        let body: Body
        /// Filled in by the scope resolver.
        var layout = ScopeLayout.empty
    }

    static let kind = NodeKind.with
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ targets: [Expression], _ values: [Expression], _ body: Body, _ arena: Arena, offset: Int) {
        node = arena.make(
            Storage(head: NodeHead(.with, offset), targets: arena.list(targets), values: arena.list(values), body: body))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(node.pointee.layout, runtime)
        for (target, value) in zip(node.pointee.targets, node.pointee.values) {
            try Assignment.assign(try value.evaluate(frame, runtime), to: target, frame, runtime)
        }
        let completion = try node.pointee.body.execute(frame, runtime, &output)
        frame.leave(node.pointee.layout)
        return completion
    }
}

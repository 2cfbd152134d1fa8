/// `{% autoescape value %}...{% endautoescape %}`.
struct AutoescapeStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let value: Expression
        let body: Body
        /// Filled in by the scope resolver.
        var layout = ScopeLayout.empty
    }

    static let kind = NodeKind.autoescape
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ value: Expression, _ body: Body, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.autoescape, offset), value: value, body: body))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(node.pointee.layout, runtime)
        let outer = runtime.autoescapes
        defer { runtime.autoescapes = outer }
        runtime.autoescapes = try node.pointee.value.test(frame, runtime)
        let completion = try node.pointee.body.execute(frame, runtime, &output)
        frame.leave(node.pointee.layout)
        return completion
    }
}

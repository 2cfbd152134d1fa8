/// `{% filter name %}...{% endfilter %}`.
struct FilterBlockStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let filter: FilterExpression
        let body: Body
        /// Filled in by the scope resolver.
        var layout = ScopeLayout.empty
    }

    static let kind = NodeKind.filterBlock
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ filter: FilterExpression, _ body: Body, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.filterBlock, offset), filter: filter, body: body))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(node.pointee.layout, runtime)
        var block = Output(isNative: output.isNative)
        let completion = try node.pointee.body.execute(frame, runtime, &block)
        if completion != .normal { return completion }
        let value = try node.pointee.filter.apply(to: try block.value(runtime), frame, runtime)
        try locating(frame) { try output.append(value, runtime) }
        frame.leave(node.pointee.layout)
        return .normal
    }
}

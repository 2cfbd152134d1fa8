/// `{% set target %}...{% endset %}`, with a filter or without.
struct SetBlockStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let target: Expression
        let filter: FilterExpression?
        let body: Body
        /// Filled in by the scope resolver.
        var layout = ScopeLayout.empty
    }

    static let kind = NodeKind.setBlock
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ target: Expression, filter: FilterExpression?, _ body: Body, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.setBlock, offset), target: target, filter: filter, body: body))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try frame.enter(node.pointee.layout, runtime)
        var block = Output(isNative: output.isNative)
        let completion = try node.pointee.body.execute(frame, runtime, &block)
        if completion != .normal { return completion }
        var value = try block.value(runtime)
        if let filter = node.pointee.filter { value = try filter.apply(to: value, frame, runtime) }
        if runtime.autoescapes, case .string(let text) = value { value = .markup(text) }
        try Assignment.assign(value, to: node.pointee.target, frame, runtime)
        frame.leave(node.pointee.layout)
        return .normal
    }
}

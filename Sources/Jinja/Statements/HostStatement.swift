/// A tag of the host with code that runs when rendering.
struct HostStatement: NodeView {
    /// The code of the host.
    final class Action: Sendable {
        let run: @Sendable (TagInvocation) throws -> Value

        init(_ run: @escaping @Sendable (TagInvocation) throws -> Value) { self.run = run }
    }

    struct Storage {
        var head: NodeHead
        let arguments: NodeList<Expression>
        let body: Body
        /// Kept alive by the ``Arena``.
        let action: Unmanaged<Action>
        /// Filled in by the scope resolver.
        var layout = ScopeLayout.empty
    }

    static let kind = NodeKind.host
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ arguments: [Expression], _ body: Body, _ action: Action, _ arena: Arena, offset: Int) {
        node = arena.make(
            Storage(
                head: NodeHead(.host, offset), arguments: arena.list(arguments), body: body, action: arena.keep(action)))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        let values = try node.pointee.arguments.map { try $0.evaluate(frame, runtime) }
        try frame.enter(node.pointee.layout, runtime)
        let value = try locating(frame) {
            try node.pointee.action.takeUnretainedValue()
                .run(TagInvocation(arguments: values, runtime: runtime, body: node.pointee.body, frame: frame))
        }
        frame.leave(node.pointee.layout)
        try locating(frame) { try output.append(value, runtime) }
    }
}

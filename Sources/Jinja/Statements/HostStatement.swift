/// A tag of the host with code that runs when rendering.
final class HostStatement: Statement, @unchecked Sendable {
    let arguments: [Expression]
    let body: Body
    private let run: @Sendable (TagInvocation) throws -> Value
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = ScopeLayout.empty

    init(
        _ arguments: [Expression], _ body: Body, _ run: @escaping @Sendable (TagInvocation) throws -> Value, offset: Int
    ) {
        self.arguments = arguments
        self.body = body
        self.run = run
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let values = try arguments.map { try $0.evaluate(frame, runtime) }
        try frame.enter(layout, runtime)
        let value = try locating(frame) {
            try run(TagInvocation(arguments: values, runtime: runtime, body: body, frame: frame))
        }
        frame.leave(layout)
        try locating(frame) { try output.append(value, runtime) }
        return .normal
    }

    override func visitChildren(_ visit: (Node) -> Void) {
        arguments.forEach(visit)
        body.visitChildren(visit)
    }
}

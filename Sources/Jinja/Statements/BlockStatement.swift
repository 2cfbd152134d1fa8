/// `{% block name %}`.
package final class BlockStatement: Statement, @unchecked Sendable {
    package let name: String
    package let body: Body
    let isScoped: Bool
    let isRequired: Bool
    /// Whether it stands at the top level, where a template that extends another one only defines it.
    let isTopLevel: Bool
    let source: TemplateSource
    /// Filled in by the scope resolver.
    var function = FunctionScope(level: 0)
    var selfSlot: Int32?
    var superSlot: Int32?
    /// The variables a scoped block sees.
    var visible: [ScopeLayout.Alias] = []

    init(
        _ name: String, _ body: Body, isScoped: Bool, isRequired: Bool, isTopLevel: Bool, source: TemplateSource, offset: Int
    ) {
        self.name = name
        self.body = body
        self.isScoped = isScoped
        self.isRequired = isRequired
        self.isTopLevel = isTopLevel
        self.source = source
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if output.isSuppressed && isTopLevel { return .normal }
        var context = frame.context
        guard let blocks = context.blocks[name], let first = blocks.first else { return .normal }
        if isRequired && blocks.count <= 1 {
            throw frame.locate(TemplateError.runtime("Required block \(Value.string(name).pythonRepr) not found"), at: offset)
        }
        if isScoped {
            context = Context(parent: context, locals: frame.visibleValues(visible), isNative: context.isNative)
            context.blocks = frame.context.blocks
        }
        try locating(frame) { try first.run(context, runtime, &output) }
        return .normal
    }

    /// Runs the body as a function of its own.
    func run(_ context: Context, _ runtime: Runtime, _ output: inout Output) throws {
        runtime.depth += 1
        let outer = runtime.context
        let outerEscaping = runtime.autoescapes
        runtime.context = context
        runtime.autoescapes = runtime.environment.autoescapes
        defer {
            runtime.depth -= 1
            runtime.context = outer
            runtime.autoescapes = outerEscaping
        }
        try runtime.checkDepth()
        let frame = Frame.make(function, context: context, source: source)
        if let selfSlot { frame[selfSlot] = .object(TemplateReference(context)) }
        if let superSlot { frame[superSlot] = superValue(context, runtime) }
        let suppressed = output.isSuppressed
        output.isSuppressed = false
        defer { output.isSuppressed = suppressed }
        _ = try body.execute(frame, runtime, &output)
    }

    private func superValue(_ context: Context, _ runtime: Runtime) -> Value {
        guard let blocks = context.blocks[name], let index = blocks.firstIndex(where: { $0 === self }),
            index + 1 < blocks.count
        else {
            return runtime.undefined(.hint("there is no parent block called \(Value.string(name).pythonRepr).", name: "super"))
        }
        return .object(BlockReference(name, context, index + 1))
    }

    override package func visitChildren(_ visit: (Node) -> Void) { body.visitChildren(visit) }
}

/// `{% block name %}`.
struct BlockStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let name: Name
        let body: Body
        let isScoped: Bool
        let isRequired: Bool
        /// Whether it stands at the top level, where a template that extends another one only defines it.
        let isTopLevel: Bool
        /// Whose block it is; whoever has the block holds that too.
        let code: Unmanaged<TemplateCode>
        /// Filled in by the scope resolver.
        var function = FunctionScope.none
        var selfSlot: Int32?
        var superSlot: Int32?
        /// The variables a scoped block sees.
        var visible = NodeList<ScopeLayout.Alias>()
    }

    static let kind = NodeKind.block
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(
        _ name: Name, _ body: Body, isScoped: Bool, isRequired: Bool, isTopLevel: Bool, code: TemplateCode, offset: Int
    ) {
        node = code.arena.make(
            Storage(
                head: NodeHead(.block, offset), name: name, body: body, isScoped: isScoped, isRequired: isRequired,
                isTopLevel: isTopLevel, code: .passUnretained(code)))
    }

    /// The name of the block.
    var name: String { node.pointee.name.text }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        if output.isSuppressed && node.pointee.isTopLevel { return }
        var context = frame.context
        guard let blocks = context.blocks[name], let first = blocks.first else { return }
        if node.pointee.isRequired && blocks.count <= 1 {
            throw located(TemplateError.runtime("Required block \(Value.string(name).pythonRepr) not found"), frame)
        }
        if node.pointee.isScoped {
            context = Context(
                parent: context, locals: frame.visibleValues(node.pointee.visible), isNative: context.isNative)
            context.blocks = frame.context.blocks
        }
        try locating(frame) { try first.run(context, runtime, &output) }
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
        let frame = Frame.make(node.pointee.function, context: context, code: node.pointee.code.takeUnretainedValue())
        if let slot = node.pointee.selfSlot { frame[slot] = .object(TemplateReference(context)) }
        if let slot = node.pointee.superSlot { frame[slot] = superValue(context, runtime) }
        let suppressed = output.isSuppressed
        output.isSuppressed = false
        defer { output.isSuppressed = suppressed }
        _ = try node.pointee.body.execute(frame, runtime, &output)
    }

    private func superValue(_ context: Context, _ runtime: Runtime) -> Value {
        guard let blocks = context.blocks[name], let index = blocks.firstIndex(where: { $0.node == node }),
            index + 1 < blocks.count
        else {
            return runtime.undefined(.hint("there is no parent block called \(Value.string(name).pythonRepr).", name: "super"))
        }
        return .object(BlockReference(name, context, index + 1))
    }
}

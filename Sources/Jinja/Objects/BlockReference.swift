/// A block that can be called: `super()` and `self.name()`.
final class BlockReference: Object {
    private let name: String
    private let context: Context
    private let depth: Int

    init(_ name: String, _ context: Context, _ depth: Int) {
        self.name = name
        self.context = context
        self.depth = depth
    }

    override var typeName: String { "BlockReference" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try arguments.check(of: "block")
        var output = Output(isNative: context.isNative)
        if let blocks = context.blocks[name], depth < blocks.count { try blocks[depth].run(context, runtime, &output) }
        return try output.value(runtime)
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        guard name == "super" else { return nil }
        guard let blocks = context.blocks[self.name], depth + 1 < blocks.count else {
            let quoted = Value.string(self.name).pythonRepr
            return runtime.undefined(.hint("there is no parent block called \(quoted).", name: "super"))
        }
        return .object(BlockReference(self.name, context, depth + 1))
    }
}

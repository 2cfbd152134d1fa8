/// `{% call(parameters) macro(arguments) %}...{% endcall %}`.
struct CallBlockStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let call: CallExpression
        let code: MacroCode
    }

    static let kind = NodeKind.callBlock
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ call: CallExpression, _ code: MacroCode, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.callBlock, offset), call: call, code: code))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        let caller = MacroObject(node.pointee.code, frame)
        if !output.isSpecial {
            try node.pointee.call.write(frame, runtime, caller: caller, into: &output.bytes)
            return try runtime.checkOutput(output.bytes.count)
        }
        let value = try node.pointee.call.evaluate(frame, runtime, caller: caller)
        try locating(frame) { try output.append(value, runtime) }
    }
}

/// `{% call(parameters) macro(arguments) %}...{% endcall %}`.
package final class CallBlockStatement: Statement, @unchecked Sendable {
    package let call: CallExpression
    package let code: MacroCode

    init(_ call: CallExpression, _ code: MacroCode, offset: Int) {
        self.call = call
        self.code = code
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try call.evaluate(frame, runtime, caller: MacroObject(code, frame))
        try locating(frame) { try output.append(value, runtime) }
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(call)
        code.visitChildren(visit)
    }
}

/// `callee(arguments)`.
package final class CallExpression: Expression, @unchecked Sendable {
    package let callee: Expression
    package let arguments: CallArguments

    init(_ callee: Expression, _ arguments: CallArguments, offset: Int) {
        self.callee = callee
        self.arguments = arguments
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        try evaluate(frame, runtime, caller: nil)
    }

    /// Calls, handing `caller` over when this is the call of a call block.
    func evaluate(_ frame: Frame, _ runtime: Runtime, caller: MacroObject?) throws -> Value {
        if let method = callee as? AttributeExpression {
            let object = try method.object.evaluate(frame, runtime)
            let arguments = try evaluateArguments(frame, runtime, caller)
            return try locating(frame) { try runtime.callMethod(of: object, method.attribute, arguments) }
        }
        let function = try callee.evaluate(frame, runtime)
        if case .object(let object) = function, let macro = object as? MacroObject {
            return try call(macro, frame, runtime, caller)
        }
        let arguments = try evaluateArguments(frame, runtime, caller)
        return try locating(frame) { try runtime.call(function, arguments) }
    }

    private func evaluateArguments(_ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?) throws -> Arguments {
        var values = try locating(frame) { try arguments.evaluate(frame, runtime) }
        if let caller { values.named.append(("caller", .object(caller))) }
        return values
    }

    private func call(_ macro: MacroObject, _ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?) throws -> Value {
        let values = try evaluateArguments(frame, runtime, caller)
        do {
            return try macro.call(values, runtime)
        } catch {
            let located = frame.locate(error, at: offset)
            guard var failure = located as? TemplateError else { throw located }
            let place = frame.source.position(of: offset)
            failure.macroChain.append("\(macro.name) (\(frame.source.name ?? "<template>"):\(place.line))")
            throw failure
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(callee)
        arguments.visitChildren(visit)
    }
    override var targetDescription: String { "call" }
}

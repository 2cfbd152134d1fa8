/// `callee(arguments)`.
package final class CallExpression: Expression, @unchecked Sendable {
    package let callee: Expression
    package let arguments: CallArguments
    /// The callee, when it is an attribute.
    private let method: AttributeExpression?

    init(_ callee: Expression, _ arguments: CallArguments, offset: Int) {
        self.callee = callee
        self.arguments = arguments
        method = callee as? AttributeExpression
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        try evaluate(frame, runtime, caller: nil)
    }

    /// Calls, handing `caller` over when this is the call of a call block.
    func evaluate(_ frame: Frame, _ runtime: Runtime, caller: MacroObject?) throws -> Value {
        if let method { return try call(method, frame, runtime, caller) }
        let function = try callee.evaluate(frame, runtime)
        if let macro = CallExpression.macro(function) {
            return try naming(macro, frame) { try macro.call(bound(macro, frame, runtime, caller), runtime) }
        }
        let arguments = try evaluateArguments(frame, runtime, caller)
        return try locating(frame) { try runtime.call(function, arguments) }
    }

    /// The text of a macro goes straight into the output.
    override func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        guard method == nil else { return try super.write(frame, runtime, into: &output) }
        let function = try callee.evaluate(frame, runtime)
        guard let macro = CallExpression.macro(function), macro.writesText else {
            let arguments = try evaluateArguments(frame, runtime, nil)
            return try locating(frame) { try runtime.write(try runtime.call(function, arguments), into: &output) }
        }
        try naming(macro, frame) { try macro.write(bound(macro, frame, runtime, nil), runtime, into: &output) }
    }

    private static func macro(_ value: Value) -> MacroObject? {
        guard case .object(let object) = value, type(of: object) == MacroObject.self else { return nil }
        return unsafeDowncast(object, to: MacroObject.self)
    }

    private func call(
        _ method: AttributeExpression, _ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?
    ) throws -> Value {
        let object = try method.object.evaluate(frame, runtime)
        let arguments = try evaluateArguments(frame, runtime, caller)
        return try locating(frame) { try runtime.callMethod(of: object, method.attribute, arguments) }
    }

    private func evaluateArguments(_ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?) throws -> Arguments {
        var values = try locating(frame) { try arguments.evaluate(frame, runtime) }
        if let caller { values.named.append(("caller", .object(caller))) }
        return values
    }

    /// The frame of a call with its parameters set.
    private func bound(
        _ macro: MacroObject, _ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?
    ) throws -> Frame {
        if caller == nil, let callee = try macro.bindDirectly(arguments, frame, runtime) { return callee }
        return try macro.bind(try evaluateArguments(frame, runtime, caller), runtime)
    }

    /// Adds the macro to the chain of calls of an error.
    private func naming<R>(_ macro: MacroObject, _ frame: Frame, _ body: () throws -> R) throws -> R {
        do { return try body() } catch {
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

/// `callee(arguments)`.
package struct CallExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let callee: Expression
        let arguments: CallArguments
        /// The arguments, when all of them are literals.
        let literals: UnsafeMutablePointer<Arguments>?
    }

    static let kind = NodeKind.call
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ callee: Expression, _ arguments: CallArguments, _ arena: Arena, offset: Int) {
        let head = NodeHead(.call, offset, height: max(callee.height, arguments.height) + 1)
        // Only methods of Python's types are worth it: macros put their arguments into slots.
        let method = callee.cast(AttributeExpression.self)?.node.pointee.name.storage.pointee.method
        let literals = method == nil ? nil : arguments.literals
        node = arena.make(
            Storage(
                head: head, callee: callee, arguments: arguments,
                literals: literals.map { $0.count == 0 ? Arguments.empty : arena.keep($0) }))
    }

    /// What is called.
    package var callee: Expression { node.pointee.callee }
    /// The arguments.
    package var arguments: CallArguments { node.pointee.arguments }

    /// Calls, handing `caller` over when this is the call of a call block.
    func evaluate(_ frame: Frame, _ runtime: Runtime, caller: MacroObject? = nil) throws -> Value {
        if callee.kind == .attribute { return try callMethod(frame, runtime, caller) }
        if let macro = nearMacro(frame) {
            return try macro._withUnsafeGuaranteedRef { try call($0, frame, runtime, caller) }
        }
        let function = try callee.evaluate(frame, runtime)
        if let macro = CallExpression.macro(function) { return try call(macro, frame, runtime, caller) }
        let arguments = try evaluateArguments(frame, runtime, caller)
        return try locating(frame) { try runtime.call(function, arguments) }
    }

    /// The text of a macro goes straight into the output.
    func write(
        _ frame: Frame, _ runtime: Runtime, caller: MacroObject? = nil, into output: inout TextBuffer
    ) throws {
        if callee.kind == .attribute {
            let value = try callMethod(frame, runtime, caller)
            return try locating(frame) { try runtime.write(value, into: &output) }
        }
        if let macro = nearMacro(frame) {
            let isDone = try macro._withUnsafeGuaranteedRef { try write($0, frame, runtime, caller, into: &output) }
            if isDone { return }
        }
        let function = try callee.evaluate(frame, runtime)
        if let macro = CallExpression.macro(function), try write(macro, frame, runtime, caller, into: &output) { return }
        let arguments = try evaluateArguments(frame, runtime, caller)
        try locating(frame) { try runtime.write(try runtime.call(function, arguments), into: &output) }
    }

    /// The macro that a variable holds, without counting references.
    ///
    /// It lives as long as the call: the slots of a frame are set by its own statements only, and while a call is
    /// evaluated, the statement it is part of runs, as do those that called it; slots that are filled on the way, by
    /// looking up a name, were empty.
    @inline(__always) private func nearMacro(_ frame: Frame) -> Unmanaged<MacroObject>? {
        guard callee.kind == .name, case .object(let object)? = callee.view(NameExpression.self).peek(frame)?.pointee else {
            return nil
        }
        return Unmanaged.passUnretained(object)._withUnsafeGuaranteedRef { object in
            guard type(of: object) == MacroObject.self else { return nil }
            return .passUnretained(unsafeDowncast(object, to: MacroObject.self))
        }
    }

    @inline(__always) private static func macro(_ value: Value) -> MacroObject? {
        guard case .object(let object) = value, type(of: object) == MacroObject.self else { return nil }
        return unsafeDowncast(object, to: MacroObject.self)
    }

    private func call(
        _ macro: MacroObject, _ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?
    ) throws -> Value {
        do {
            return try macro.call(bound(macro, frame, runtime, caller), runtime)
        } catch { throw named(error, macro, frame) }
    }

    /// Appends the text of a macro; false when it gives something else.
    private func write(
        _ macro: MacroObject, _ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?, into output: inout TextBuffer
    ) throws -> Bool {
        guard macro.writesText else { return false }
        do {
            try macro.write(bound(macro, frame, runtime, caller), runtime, into: &output)
        } catch { throw named(error, macro, frame) }
        return true
    }

    private func callMethod(_ frame: Frame, _ runtime: Runtime, _ caller: MacroObject?) throws -> Value {
        let method = callee.view(AttributeExpression.self)
        let object = try method.object.evaluate(frame, runtime)
        if case .list(let list) = object, method.node.pointee.name.storage.pointee.method == .append, caller == nil,
            let item = arguments.single
        {
            list.items.append(try locating(frame) { try item.evaluate(frame, runtime) })
            return .none
        }
        if caller == nil, let literals = node.pointee.literals {
            // No arguments are known to need no counting of references.
            return literals == Arguments.empty
                ? try invoke(method, of: object, Arguments(), frame, runtime)
                : try invoke(method, of: object, literals.pointee, frame, runtime)
        }
        return try invoke(method, of: object, try evaluateArguments(frame, runtime, caller), frame, runtime)
    }

    private func invoke(
        _ method: AttributeExpression, of object: Value, _ arguments: Arguments, _ frame: Frame, _ runtime: Runtime
    ) throws -> Value {
        do {
            if let known = method.node.pointee.name.storage.pointee.method,
                let result = try Methods.call(known, object, arguments, runtime)
            {
                return result
            }
            return try runtime.callMethod(of: object, method.attribute, arguments)
        } catch { throw located(error, frame) }
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
        if let callee = try macro.bindDirectly(arguments, caller, frame, runtime) { return callee }
        return try macro.bind(try evaluateArguments(frame, runtime, caller), runtime)
    }

    /// Adds the macro to the chain of calls of an error.
    private func named(_ error: any Error, _ macro: MacroObject, _ frame: Frame) -> any Error {
        let located = located(error, frame)
        guard var failure = located as? TemplateError else { return located }
        let place = frame.source.position(of: offset)
        failure.macroChain.append("\(macro.name) (\(frame.source.name ?? "<template>"):\(place.line))")
        return failure
    }
}

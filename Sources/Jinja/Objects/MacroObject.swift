/// A macro that can be called: its code and the variables around its definition.
final class MacroObject: Object {
    private let code: MacroCode
    private let outer: Frame
    /// What the host knows the macro as, when the host bound it.
    let definition: MacroDefinition?

    init(_ code: MacroCode, _ outer: Frame, definition: MacroDefinition? = nil) {
        self.code = code
        self.outer = outer
        self.definition = definition
    }

    /// The name for messages.
    var name: String { code.name ?? "caller" }

    override var typeName: String { "Macro" }
    override var isCallable: Bool { true }
    override var repr: String { code.name.map { "<Macro \(Value.string($0).pythonRepr)>" } ?? "<Macro anonymous>" }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "name": code.name.map { .string($0) } ?? Value.none
        case "arguments": .tuple(Tuple(code.parameters.map { .string($0.name.text) }))
        case "catch_kwargs": .bool(code.storage.pointee.keywordsSlot != nil)
        case "catch_varargs": .bool(code.storage.pointee.variadicSlot != nil)
        case "caller": .bool(code.storage.pointee.callerSlot != nil)
        default: nil
        }
    }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try call(try bind(arguments, runtime), runtime)
    }

    /// Whether the result is text, as opposed to native output.
    var writesText: Bool { !outer.isNative }

    /// Runs the body in a frame whose parameters are set.
    func call(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        var output = Output(isNative: outer.isNative)
        output.bytes = runtime.takeBuffer()
        if runtime.recordsOutput { return try callRecording(frame, runtime, &output) }
        if let value = try run(frame, runtime, &output) { return value }
        let value = try output.value(runtime)
        runtime.giveBack(&output.bytes)
        return value
    }

    /// Runs the body, and notes where the text comes from that it gives.
    @inline(never) private func callRecording(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Value {
        let recorder = OutputRecorder()
        if !output.isNative { output.recorder = recorder }
        guard let returned = try run(frame, runtime, &output) else {
            runtime.lastMap = OutputMap(macro: name, marks: recorder.marks, length: output.bytes.count)
            return try output.value(runtime)
        }
        // What it returns may be what another macro gave.
        guard let length = returned.stringValue?.utf8.count else { return returned }
        let inner = runtime.lastMap.flatMap { $0.length == length ? $0 : nil }
        let mark = recorder.expressionOffset.map {
            OutputMap.Mark(start: 0, offset: $0, source: outer.source, isText: false, inner: inner)
        }
        runtime.lastMap = OutputMap(macro: name, marks: mark.map { [$0] } ?? [], length: length)
        return returned
    }

    /// Runs the body in a frame whose parameters are set, and appends its text.
    func write(_ frame: Frame, _ runtime: Runtime, into bytes: inout TextBuffer) throws {
        var output = Output()
        let start = bytes.count
        swap(&output.bytes, &bytes)
        defer { swap(&output.bytes, &bytes) }
        guard let value = try run(frame, runtime, &output) else { return }
        output.bytes.removeLast(output.bytes.count - start)
        try runtime.write(value, into: &output.bytes)
    }

    /// Runs the body; gives a value when the macro was ended by a return.
    private func run(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Value? {
        let outerContext = runtime.contextReference
        let outerEscaping = runtime.autoescapes
        if let isEscaped = code.storage.pointee.isEscaped { runtime.autoescapes = isEscaped }
        runtime.depth &+= 1
        runtime.contextReference = outer.contextReference
        if definition != nil { runtime.macros.append(self) }
        defer {
            runtime.depth &-= 1
            runtime.contextReference = outerContext
            runtime.autoescapes = outerEscaping
            if definition != nil { runtime.macros.removeLast() }
        }
        try runtime.checkDepth()
        try runtime.countStep()
        // The slots of a new frame are empty: only outer values are to be fetched.
        try frame.adopt(code.storage.pointee.layout, runtime)
        try fillDefaults(frame, runtime)
        do {
            _ = try code.body.execute(frame, runtime, &output)
        } catch is MacroReturn where code.name != nil {
            defer { runtime.returned = nil }
            return runtime.returned ?? Value.none
        }
        return nil
    }

    /// Evaluates the arguments straight into the slots of a new frame; nil when the call needs more than that.
    func bindDirectly(
        _ arguments: CallArguments, _ caller: MacroObject?, _ frame: Frame, _ runtime: Runtime
    ) throws -> Frame? {
        guard fits(arguments, caller) else { return nil }
        let callee = Frame.make(code.storage.pointee.function, parent: outer)
        let count = code.parameters.count
        var extra: [Value] = []
        var index = 0
        for item in arguments.items {
            let value = try item.evaluate(frame, runtime)
            if index < count { callee[Int32(truncatingIfNeeded: index)] = value } else { extra.append(value) }
            index += 1
        }
        let keywords = code.storage.pointee.keywordsSlot == nil ? nil : Dict()
        for argument in arguments.keyed {
            let value = try argument.value.evaluate(frame, runtime)
            if let index = code.position(of: argument.name) {
                callee[Int32(truncatingIfNeeded: index)] = value
            } else {
                keywords?[argument.name.text] = value
            }
        }
        if code.storage.pointee.takesOnlyParameters { return callee }
        if let slot = code.storage.pointee.callerSlot {
            callee[slot] =
                caller.map { .object($0) } ?? runtime.undefined(.hint("No caller defined", name: "caller"))
        }
        if let slot = code.storage.pointee.keywordsSlot { callee[slot] = keywords.map { .dict($0) } }
        if let slot = code.storage.pointee.variadicSlot { callee[slot] = .tuple(Tuple(extra)) }
        return callee
    }

    /// Whether each argument has a place, so that nothing can be wrong with the call.
    private func fits(_ arguments: CallArguments, _ caller: MacroObject?) -> Bool {
        let storage = code.storage.pointee
        let given = arguments.items.count
        guard arguments.isSimple, given <= storage.parameters.count || storage.variadicSlot != nil,
            caller == nil || storage.callerSlot != nil
        else { return false }
        for argument in arguments.keyed {
            if let index = code.position(of: argument.name) {
                guard index >= given else { return false }
            } else {
                guard storage.keywordsSlot != nil, !Text.equal(argument.name.text, "caller") else { return false }
            }
        }
        return true
    }

    /// A new frame with the parameters set to the arguments.
    func bind(_ arguments: Arguments, _ runtime: Runtime) throws -> Frame {
        let frame = Frame.make(code.storage.pointee.function, parent: outer)
        let parameters = code.parameters
        let given = arguments.positional.count
        for index in 0..<min(given, parameters.count) { frame[Int32(index)] = arguments.positional[index] }
        var rest = arguments.named
        if given < parameters.count && !rest.isEmpty {
            for slot in given..<parameters.count {
                guard let index = rest.firstIndex(where: { $0.name == parameters[slot].name.text }) else { continue }
                frame[Int32(slot)] = rest.remove(at: index).value
            }
        }
        if let slot = code.storage.pointee.callerSlot {
            let index = rest.firstIndex { $0.name == "caller" }
            let caller = index.map { rest.remove(at: $0).value }
            frame[slot] =
                caller.flatMap { $0.isNone ? nil : $0 }
                ?? runtime.undefined(.hint("No caller defined", name: "caller"))
        }
        if let slot = code.storage.pointee.keywordsSlot {
            frame[slot] = .dict(Dict(rest.map { (.string($0.name), $0.value) }))
        } else if let extra = rest.first {
            throw TemplateError.type(
                rest.contains { $0.name == "caller" }
                    ? "macro \(quotedName) was invoked with two values for the special caller argument. This is most likely a bug."
                    : "macro \(quotedName) takes no keyword argument \(Value.string(extra.name).pythonRepr)")
        }
        if let slot = code.storage.pointee.variadicSlot {
            frame[slot] = .tuple(Tuple(Array(arguments.positional.dropFirst(parameters.count))))
        } else if given > parameters.count {
            throw TemplateError.type("macro \(quotedName) takes not more than \(parameters.count) argument(s)")
        }
        return frame
    }

    private func fillDefaults(_ frame: Frame, _ runtime: Runtime) throws {
        for index in 0..<code.parameters.count where frame.isEmpty(Int32(truncatingIfNeeded: index)) {
            let parameter = code.parameters[index]
            frame[Int32(truncatingIfNeeded: index)] =
                try parameter.defaultValue?.evaluate(frame, runtime)
                ?? runtime.undefined(
                    .hint(
                        "parameter \(Value.string(parameter.name.text).pythonRepr) was not provided", name: parameter.name.text))
        }
    }

    private var quotedName: String { code.name.map { Value.string($0).pythonRepr } ?? "None" }
}

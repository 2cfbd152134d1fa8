extension Runtime {
    /// Renders a template to text.
    public func render(_ template: Template) throws -> String { try render(template, locals: [:]) }

    /// Renders a template to text, with variables that win over the globals.
    public func render(_ template: Template, locals: [String: Value]) throws -> String {
        var output = Output()
        try locatingReturn(template) { try run(template, Context(locals: locals), &output) }
        return output.bytes.string
    }

    /// Renders a template whose output keeps its type, as Jinja's native environment does: a template that is one
    /// expression gives its value, other output is joined; text that is a Python literal gives the literal's value.
    public func renderNative(_ template: Template, locals: [String: Value] = [:]) throws -> Value {
        try NativeText.concatenate(renderParts(template, locals: locals))
    }

    /// Renders a template to the values of its expressions and the text between them.
    public func renderParts(_ template: Template, locals: [String: Value] = [:]) throws -> [Value] {
        var output = Output(isNative: true)
        try locatingReturn(template) { try run(template, Context(locals: locals, isNative: true), &output) }
        return output.parts
    }

    func locatingReturn(_ template: Template, _ body: () throws -> Void) throws {
        do { try body() } catch is MacroReturn {
            var error = TemplateError.runtime("a return is only possible inside of a macro")
            error.templateName = template.name
            throw error
        }
    }

    /// Runs a template and the templates it extends in a context.
    func run(_ template: Template, _ context: Context, _ output: inout Output) throws {
        depth += 1
        let outer = self.context
        let outerEscaping = autoescapes
        self.context = context
        autoescapes = template.code.environment.autoescapes
        defer {
            depth -= 1
            self.context = outer
            autoescapes = outerEscaping
        }
        try checkDepth()
        context.adopt(template.code)
        var next: Template? = template
        var generation = 0
        while let current = next {
            try countStep()
            generation += 1
            if generation > environment.limits.depth { throw TemplateError.limit("the templates extend each other without end") }
            context.extended = nil
            output.isSuppressed = false
            let frame = makeFrame(current.code, context)
            _ = try current.code.body.execute(frame, self, &output)
            next = context.extended
        }
        output.isSuppressed = false
    }

    private func makeFrame(_ code: TemplateCode, _ context: Context) -> Frame {
        let frame = Frame.make(code.function, context: context, code: code)
        own(frame)
        context.roots.insert((frame, code.exports), at: 0)
        if let slot = code.selfSlot { frame[slot] = .object(TemplateReference(context)) }
        return frame
    }

    // MARK: Loading

    /// The template a value names or is.
    func template(_ value: Value) throws -> Template {
        switch value {
        case .object(let object as TemplateObject): return object.template
        default: break
        }
        guard let loader = environment.loader else {
            throw TemplateError.type("no loader for this environment specified")
        }
        if case .undefined(let undefined) = value { throw undefined.error }
        let name = try value.text()
        if let template = loaded[name] { return template }
        guard let template = try loader.template(named: name, environment: environment) else {
            throw TemplateError(.templateNotFound, "'\(name)' is not found by the loader")
        }
        loaded[name] = template
        return template
    }

    /// The template a value names, or the first that exists of a list of names.
    func template(anyOf value: Value) throws -> Template {
        switch value {
        case .string, .markup, .undefined, .object: return try template(value)
        default: break
        }
        let names = try value.isTruthy ? value.iterate() : []
        for name in names {
            do {
                return try template(name)
            } catch let error as TemplateError where error.kind == .templateNotFound || error.kind == .undefined {}
        }
        let all = try names.map { name in
            if case .undefined(let undefined) = name { return undefined.error.message }
            return try name.text()
        }.joined(separator: ", ")
        throw TemplateError(
            .templateNotFound,
            names.isEmpty ? "Tried to select from an empty list of templates." : "none of the templates given were found: \(all)")
    }

    /// Runs the top level of a template and collects what it exports.
    func importModule(_ value: Value, _ frame: Frame?, _ visible: NodeList<ScopeLayout.Alias>) throws -> TemplateModule {
        let template = try template(value)
        let identity = ObjectIdentifier(template)
        if frame == nil, let module = modules[identity] { return module }
        let context = Context(parent: frame?.context, locals: frame?.visibleValues(visible) ?? [:])
        var output = Output()
        try run(template, context, &output)
        var exports: [String: Value] = [:]
        for root in context.roots.reversed() {
            for name in template.code.moduleNames {
                if let slot = root.exports[name], let value = root.frame.visible(slot) { exports[name] = value }
            }
        }
        let module = TemplateModule(template.name, exports, body: try output.value(self))
        if frame == nil { modules[identity] = module }
        return module
    }

    // MARK: Macros

    /// Makes a macro callable in this runtime. Its body sees the runtime's globals and the top-level variables of its file,
    /// these as long as the runtime lives.
    public func bind(_ definition: MacroDefinition) throws -> Value {
        let code = definition.template
        let identity = ObjectIdentifier(code)
        if let frame = boundFrames[identity] { return .object(MacroObject(definition.code, frame, definition: definition)) }
        let context = Context()
        let frame = makeFrame(code, context)
        boundFrames[identity] = frame
        if !code.isMacroLibrary {
            context.adopt(code)
            var output = Output()
            _ = try code.body.execute(frame, self, &output)
        }
        return .object(MacroObject(definition.code, frame, definition: definition))
    }

    /// The definitions of the bound macros that are running, innermost last.
    public var runningMacros: [MacroDefinition] { macros.compactMap(\.definition) }

    /// Calls a function, a macro, or another callable value.
    public func call(_ function: Value, _ arguments: Arguments) throws -> Value {
        switch function {
        case .object(let object): return try object.call(arguments, self)
        case .undefined(let undefined): return try undefined.call(arguments)
        default: throw TemplateError.type("'\(function.typeName)' object is not callable")
        }
    }
}

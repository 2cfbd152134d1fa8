/// The variables that a template sees besides its own: what it exports so far, what was passed in, and the globals.
final class Context {
    /// The context of an including template, which is asked next.
    let parent: Context?
    /// Variables handed over by an `include` or `import` with context, or by the host.
    var locals: [String: Value]
    /// The running top levels that share this context: the template and those it extends.
    var roots: [(frame: Frame, exports: [String: Int32])] = []
    /// The blocks by name, the most derived one first.
    var blocks: [String: [BlockStatement]] = [:]
    /// What the blocks belong to, kept alive for them.
    private var codes: [TemplateCode] = []
    /// The template that the running one extends.
    var extended: Template?
    /// Whether output keeps its type instead of becoming text.
    let isNative: Bool

    init(parent: Context? = nil, locals: [String: Value] = [:], isNative: Bool = false) {
        self.parent = parent
        self.locals = locals
        self.isNative = isNative
    }

    /// Adds the blocks of a template behind those that are known.
    func adopt(_ code: TemplateCode) {
        if code.blocks.isEmpty { return }
        codes.append(code)
        for (name, block) in code.blocks { blocks[name, default: []].append(block) }
    }

    /// The value of a name, nil when it does not exist.
    func lookup(_ name: String, _ runtime: Runtime) throws -> Value? {
        var current: Context? = self
        while let context = current {
            for root in context.roots {
                if let slot = root.exports[name], let value = root.frame.visible(slot) { return value }
            }
            if let value = context.locals[name] { return value }
            current = context.parent
        }
        return try runtime.global(name)
    }
}

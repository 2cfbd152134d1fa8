/// `{% include template %}`.
struct IncludeStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let template: Expression
        let ignoresMissing: Bool
        let withContext: Bool
        /// The variables the included template sees; filled in by the scope resolver.
        var visible = NodeList<ScopeLayout.Alias>()
    }

    static let kind = NodeKind.include
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ template: Expression, ignoresMissing: Bool, withContext: Bool, _ arena: Arena, offset: Int) {
        node = arena.make(
            Storage(
                head: NodeHead(.include, offset), template: template, ignoresMissing: ignoresMissing,
                withContext: withContext))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        let value = try node.pointee.template.evaluate(frame, runtime)
        try locating(frame) {
            let included: Template
            do {
                included = try runtime.template(anyOf: value)
            } catch let error as TemplateError where error.kind == .templateNotFound && node.pointee.ignoresMissing {
                return
            }
            let context =
                node.pointee.withContext
                ? Context(
                    parent: frame.context, locals: frame.visibleValues(node.pointee.visible), isNative: output.isNative)
                : Context(isNative: output.isNative)
            let suppressed = output.isSuppressed
            output.isSuppressed = false
            defer { output.isSuppressed = suppressed }
            try runtime.run(included, context, &output)
        }
    }
}

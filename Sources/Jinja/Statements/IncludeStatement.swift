/// `{% include template %}`.
package final class IncludeStatement: Statement, @unchecked Sendable {
    package let template: Expression
    let ignoresMissing: Bool
    let withContext: Bool
    /// The variables the included template sees; filled in by the scope resolver.
    var visible: [ScopeLayout.Alias] = []

    init(_ template: Expression, ignoresMissing: Bool, withContext: Bool, offset: Int) {
        self.template = template
        self.ignoresMissing = ignoresMissing
        self.withContext = withContext
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try template.evaluate(frame, runtime)
        try locating(frame) {
            let included: Template
            do {
                included = try runtime.template(anyOf: value)
            } catch let error as TemplateError where error.kind == .templateNotFound && ignoresMissing {
                return
            }
            let context =
                withContext
                ? Context(parent: frame.context, locals: frame.visibleValues(visible), isNative: output.isNative)
                : Context(isNative: output.isNative)
            let suppressed = output.isSuppressed
            output.isSuppressed = false
            defer { output.isSuppressed = suppressed }
            try runtime.run(included, context, &output)
        }
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(template) }
}

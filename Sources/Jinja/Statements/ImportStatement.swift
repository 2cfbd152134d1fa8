/// `{% import template as name %}`.
package final class ImportStatement: Statement, @unchecked Sendable {
    package let template: Expression
    let target: NameExpression
    let withContext: Bool
    /// The variables the imported template sees; filled in by the scope resolver.
    var visible: [ScopeLayout.Alias] = []

    init(_ template: Expression, target: NameExpression, withContext: Bool, offset: Int) {
        self.template = template
        self.target = target
        self.withContext = withContext
        super.init(offset: offset)
    }

    override var setsNames: Bool { true }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try template.evaluate(frame, runtime)
        let module = try locating(frame) { try runtime.importModule(value, withContext ? frame : nil, visible) }
        frame.store(.object(module), target.variable)
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(template) }
}

/// `{% from template import name as alias %}`.
package final class FromImportStatement: Statement, @unchecked Sendable {
    package let template: Expression
    let names: [(name: String, target: NameExpression)]
    let withContext: Bool
    /// The variables the imported template sees; filled in by the scope resolver.
    var visible: [ScopeLayout.Alias] = []

    init(_ template: Expression, names: [(name: String, target: NameExpression)], withContext: Bool, offset: Int) {
        self.template = template
        self.names = names
        self.withContext = withContext
        super.init(offset: offset)
    }

    override var setsNames: Bool { true }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try template.evaluate(frame, runtime)
        let module = try locating(frame) { try runtime.importModule(value, withContext ? frame : nil, visible) }
        for (name, target) in names {
            let value = try module.attribute(name, runtime) ?? missing(name, module, frame, runtime)
            frame.store(value, target.variable)
        }
        return .normal
    }

    private func missing(_ name: String, _ module: TemplateModule, _ frame: Frame, _ runtime: Runtime) -> Value {
        let imported = (try? module.attribute("__name__", runtime))?.pythonRepr ?? ""
        var place = "line \(frame.source.position(of: offset).line)"
        if let template = frame.source.name { place += " in \(Value.string(template).pythonRepr)" }
        return runtime.undefined(
            .hint(
                "the template \(imported) (imported on \(place)) does not export the requested name "
                    + Value.string(name).pythonRepr, name: name))
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(template) }
}

/// `{% from template import name as alias %}`.
struct FromImportStatement: NodeView {
    struct Import {
        let name: Name
        let target: NameExpression
    }

    struct Storage {
        var head: NodeHead
        let template: Expression
        let names: NodeList<Import>
        let withContext: Bool
        /// The variables the imported template sees; filled in by the scope resolver.
        var visible = NodeList<ScopeLayout.Alias>()
    }

    static let kind = NodeKind.fromImport
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ template: Expression, names: [Import], withContext: Bool, _ arena: Arena, offset: Int) {
        node = arena.make(
            Storage(
                head: NodeHead(.fromImport, offset), template: template, names: arena.list(names), withContext: withContext))
    }

    func execute(_ frame: Frame, _ runtime: Runtime) throws {
        let value = try node.pointee.template.evaluate(frame, runtime)
        let module = try locating(frame) {
            try runtime.importModule(value, node.pointee.withContext ? frame : nil, node.pointee.visible)
        }
        for part in node.pointee.names {
            let name = part.name.text
            let value = try module.attribute(name, runtime) ?? missing(name, module, frame, runtime)
            frame.store(value, part.target.variable)
        }
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
}

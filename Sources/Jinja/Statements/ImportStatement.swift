/// `{% import template as name %}`.
struct ImportStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let template: Expression
        let target: NameExpression
        let withContext: Bool
        /// The variables the imported template sees; filled in by the scope resolver.
        var visible = NodeList<ScopeLayout.Alias>()
    }

    static let kind = NodeKind.importModule
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ template: Expression, target: NameExpression, withContext: Bool, _ arena: Arena, offset: Int) {
        node = arena.make(
            Storage(head: NodeHead(.importModule, offset), template: template, target: target, withContext: withContext))
    }

    func execute(_ frame: Frame, _ runtime: Runtime) throws {
        let value = try node.pointee.template.evaluate(frame, runtime)
        let module = try locating(frame) {
            try runtime.importModule(value, node.pointee.withContext ? frame : nil, node.pointee.visible)
        }
        frame.store(.object(module), node.pointee.target.variable)
    }
}

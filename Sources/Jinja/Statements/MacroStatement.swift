/// `{% macro name(parameters) %}...{% endmacro %}`, and host tags that register macros.
struct MacroStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let code: MacroCode
        /// Where the macro is stored; nil when it is found through the host's globals. Set by the scope resolver.
        var variable: Variable?
    }

    static let kind = NodeKind.macro
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ code: MacroCode, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.macro, offset), code: code))
    }

    /// The parameters and body.
    var code: MacroCode { node.pointee.code }

    func execute(_ frame: Frame, _ runtime: Runtime) {
        guard let variable = node.pointee.variable else { return }
        runtime.own(frame)
        frame.store(.object(MacroObject(code, frame)), variable)
    }
}

/// `{% macro name(parameters) %}...{% endmacro %}`, and host tags that register macros.
package final class MacroStatement: Statement, @unchecked Sendable {
    package let code: MacroCode
    /// Where the macro is stored; nil when it is found through the host's globals. Set by the scope resolver.
    @exclusivity(unchecked) var variable: Variable?

    init(_ code: MacroCode, offset: Int) {
        self.code = code
        super.init(offset: offset)
    }

    override var setsNames: Bool { true }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if let variable { frame.store(.object(MacroObject(code, frame)), variable) }
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) { code.visitChildren(visit) }
}

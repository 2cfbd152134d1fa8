/// `{% extends template %}`.
package final class ExtendsStatement: Statement, @unchecked Sendable {
    package let template: Expression

    init(_ template: Expression, offset: Int) {
        self.template = template
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try template.evaluate(frame, runtime)
        try locating(frame) {
            if output.isSuppressed { throw TemplateError.runtime("extended multiple times") }
            let parent = try runtime.template(value)
            for (name, block) in parent.code.blocks { frame.context.blocks[name, default: []].append(block) }
            frame.context.extended = parent
        }
        output.isSuppressed = true
        return .normal
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(template) }
}

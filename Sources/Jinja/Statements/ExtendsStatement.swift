/// `{% extends template %}`.
struct ExtendsStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let template: Expression
    }

    static let kind = NodeKind.extends
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ template: Expression, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.extends, offset), template: template))
    }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        let value = try node.pointee.template.evaluate(frame, runtime)
        try locating(frame) {
            if output.isSuppressed { throw TemplateError.runtime("extended multiple times") }
            let parent = try runtime.template(value)
            frame.context.adopt(parent.code)
            frame.context.extended = parent
        }
        output.isSuppressed = true
    }
}

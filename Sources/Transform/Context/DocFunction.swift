import Diagnostics
import Jinja

/// `doc('name')`: the text of a docs block.
final class DocFunction: Object {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "doc" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let names = arguments.positional.map(\.pythonString)
        guard let name = names.last, names.count <= 2 else {
            throw TransformError(.compilation, "doc() takes one or two names, not \(names.count)")
        }
        guard let manifest = context.world.manifest else { return .string("") }
        guard let block = manifest.doc(name, package: names.count == 2 ? names[0] : nil, from: context.package) else {
            throw TransformError(
                .compilation, "doc('\(name)') names no docs block",
                hint: Suggestion.hint(for: name, in: manifest.docs.map(\.name))
                    ?? "write {% docs \(name) %}...{% enddocs %} in a .md file")
        }
        return .string(block.contents)
    }
}

/// An imported template: what it exports, and its text.
final class TemplateModule: Object {
    private let name: String?
    private let exports: [String: Value]
    private let body: Value

    init(_ name: String?, _ exports: [String: Value], body: Value) {
        self.name = name
        self.exports = exports
        self.body = body
    }

    override var typeName: String { "TemplateModule" }
    override var repr: String {
        "<TemplateModule \(name.map { Value.string($0).pythonRepr } ?? "memory:template")>"
    }
    override var description: String { body.pythonString }
    override var html: String? { body.pythonString }
    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        name == "__name__" ? .string(self.name ?? "<template>") : exports[name]
    }
}

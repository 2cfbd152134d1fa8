/// The special variable `self`, whose attributes are the template's blocks.
final class TemplateReference: Object {
    private let context: Context

    init(_ context: Context) { self.context = context }

    override var typeName: String { "TemplateReference" }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        context.blocks[name] == nil ? nil : .object(BlockReference(name, context, 0))
    }
}

/// A template as a value, for `include`, `import` and `extends` of a variable.
public final class TemplateObject: Object {
    /// The template.
    public let template: Template

    /// Wraps a template.
    public init(_ template: Template) { self.template = template }

    override public var typeName: String { "Template" }
    override public var repr: String { "<Template \(template.name.map { Value.string($0).pythonRepr } ?? "memory")>" }
}

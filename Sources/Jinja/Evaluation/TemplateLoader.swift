/// Finds templates by name.
public protocol TemplateLoader: Sendable {
    /// The template of the given name, nil when there is none.
    func template(named name: String, environment: Environment) throws -> Template?
}

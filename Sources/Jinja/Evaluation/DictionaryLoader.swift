/// A loader of templates that are held as text. Each is parsed when it is asked for.
public struct DictionaryLoader: TemplateLoader {
    private let sources: [String: String]

    /// Makes a loader of the given texts by name.
    public init(_ sources: [String: String]) { self.sources = sources }

    /// Parses the template of the given name.
    public func template(named name: String, environment: Environment) throws -> Template? {
        guard let source = sources[name] else { return nil }
        return try Template(source: source, name: name, environment: environment)
    }
}

/// A parsed template. It is immutable and can be shared between threads.
///
/// ```swift
/// let template = try Template(source: "Hello {{ name }}!", name: "hello", environment: Environment())
/// ```
public final class Template: Sendable {
    /// The environment the template was parsed for.
    public var environment: Environment { code.environment }
    /// The macros defined at the top level, by `macro` tags and by the host's.
    public let macros: [MacroDefinition]
    /// The syntax tree.
    package let code: TemplateCode

    /// Parses a template.
    public init(source: String, name: String? = nil, environment: Environment) throws(TemplateError) {
        let text = TemplateSource(source, name: name, keepsTrailingNewline: environment.keepTrailingNewline)
        code = TemplateCode(text, environment)
        let parser = Parser(code)
        do {
            code.body = try parser.parseTemplate()
            try ScopeResolver.resolve(code, parser)
        } catch let failure as LocatedFailure {
            throw text.located(failure.error, at: failure.offset)
        } catch {
            throw (error as? TemplateError) ?? TemplateError(.host, "\(error)", underlying: error)
        }
        let code = code
        macros = parser.macros.isEmpty ? [] : parser.macros.map { MacroDefinition($0, template: code) }
    }

    /// The name of the template.
    public var name: String? { code.source.name }

    /// Renders the template on its own.
    public func render(_ globals: (any Globals)? = nil) throws -> String {
        try Runtime(environment: environment, globals: globals).render(self)
    }
}

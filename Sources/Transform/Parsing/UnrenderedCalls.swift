import Documents
import Jinja

/// The arguments of a node's `config()` calls as manifest.json keeps them for comparing states: before they are rendered.
///
/// dbt reads a model whose template holds nothing but calls with literals without rendering it, and keeps the values then.
/// Of all other templates it keeps the text of the first call's arguments: `var('kind')`, not what that is today.
enum UnrenderedCalls {
    /// - Parameters:
    ///   - code: the template.
    ///   - isLiteral: ``LiteralTemplate`` says so of it, and it is a model.
    ///   - capture: what its calls gave.
    static func members(of code: String, template: Template, isLiteral: Bool, capture: ParseCapture) throws -> JSON.Members {
        guard !capture.config.entries.isEmpty else { return JSON.Members() }
        if isLiteral { return capture.last }
        guard let call = template.textOfFirstCall(of: "config") else { return capture.config }
        let reread = try Template(source: "{{ \(call) }}", name: template.name, environment: environment)
        guard let arguments = reread.namedArgumentsOfFirstCall(of: "config"), !arguments.isEmpty else { return capture.config }
        return JSON.Members(pairs: arguments.map { ($0.name, .string($0.text)) })
    }

    private static let environment = {
        var environment = TemplateEngine.parsingEnvironment
        environment.foldsLiterals = false
        return environment
    }()
}

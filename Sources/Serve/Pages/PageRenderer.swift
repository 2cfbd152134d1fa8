import HTTPTypes
import Hummingbird
import Jinja

/// Makes pages of templates and values. All text is escaped unless it is a drawing of our own.
struct PageRenderer: Sendable {
    let project: String
    let assetVersion: String
    private let environment: Jinja.Environment
    private let shelf = TemplateShelf()

    private static let sections = [
        ("Home", "/"), ("Pipelines", "/pipelines"), ("Runs", "/runs"), ("Connections", "/connections"), ("Lineage", "/lineage"),
        ("Models", "/models"), ("Query", "/query"),
    ]

    init(project: String, assetVersion: String) {
        self.project = project
        self.assetVersion = assetVersion
        var environment = Jinja.Environment()
        environment.autoescapes = true
        environment.trimBlocks = true
        environment.loader = shelf
        self.environment = environment
    }

    /// The page that a template makes.
    /// - Parameters:
    ///   - section: which part of the navigation it belongs to.
    ///   - live: whether the page changes while it is looked at.
    func page(
        _ template: String, _ values: [String: Value], for request: Request, _ context: RequestFrame, section: String = "",
        live: Bool = false, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        values["section"] = .string(section)
        values["address"] = .string(request.uri.string)
        values["theme"] = Value(request.cookies["leat_theme"].flatMap { ["light", "dark"].contains($0.value) ? $0.value : nil })
        values["live"] = Value(live ? "/events?since=\(context.storeVersion ?? 0)" : nil)
        return Response(html: try render(template, values, context), status: status)
    }

    /// The page that says why something could not be done.
    func problem(_ problem: Problem, _ context: RequestFrame) -> Response {
        let values: [String: Value] = [
            "title": .string(problem.status.reasonPhrase), "message": .string(problem.message),
            "details": Value(problem.details), "hint": Value(problem.hint), "request": .string(context.id),
        ]
        let html = try? render("problem.html", values, context)
        return Response(html: html ?? "<!doctype html><title>Leat</title><p>The page cannot be shown.", status: problem.status)
    }

    /// Whether who sends the request shows pages, rather than being a program.
    func isWanted(by request: Request) -> Bool {
        !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") ?? false
    }

    private func render(_ template: String, _ values: [String: Value], _ context: RequestFrame) throws -> String {
        var values = values
        values["project"] = .string(project)
        values["version"] = .string(assetVersion)
        if let visitor = context.visitor {
            values["user"] = Value(["name": .string(visitor.name), "role": .string(visitor.role.rawValue)])
            values["csrf"] = .string(visitor.session?.csrfToken ?? "")
            values["may_run"] = .bool(visitor.role.allows(.run))
            values["may_edit"] = .bool(visitor.role.allows(.edit))
            values["may_administer"] = .bool(visitor.role.allows(.administer))
            let admin = visitor.role.allows(.edit) ? [("Admin", "/admin/variables")] : []
            values["navigation"] = Value(
                (Self.sections + admin).map { Value(["name": .string($0.0), "path": .string($0.1)]) })
        }
        guard let page = try shelf.template(named: template, environment: environment) else { return "" }
        return try Runtime(environment: environment).render(page, locals: values)
    }
}

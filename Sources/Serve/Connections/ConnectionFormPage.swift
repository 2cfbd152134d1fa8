import Diagnostics
import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project
import Records

extension Site {
    /// Forms that add and change connections: which source and destination, then which of the source's streams, and how.
    var connectionFormRoutes: [Route] {
        [
            .get("/connections/new", .edit) { request, context in try await newConnection(request, context) },
            .post("/connections", .edit) { request, context in try await createConnection(request, context) },
            .get("/connections/:connection/edit", .edit) { request, context in
                let definition = try await definition(context)
                let (offered, problem) = await offered(by: definition.content["source"]?.string ?? "")
                let form = ConnectionForm(name: definition.name, content: definition.content, offered: offered)
                return try show(form, old: definition.name, problem: problem, request, context)
            },
            .post("/connections/:connection", .edit) { request, context in try await changeConnection(request, context) },
            .get("/connections/:connection/reset", .edit) { request, context in
                let entry = try connection(context)
                let values: [String: Value] = [
                    "name": .string(entry.name), "path": .string(Paths.connection(entry.name)),
                    "destination": .string(entry.destination), "streams": Value(entry.streams.map(\.name)),
                ]
                return try pages.page("reset.html", values, for: request, context, section: "Connections")
            },
            .post("/connections/:connection/reset", .edit) { request, context in try await reset(request, context) },
            .post("/connections/:connection/remove", .edit) { request, context in
                let definition = try await definition(context)
                _ = try await Doorman.form(request, context)
                try await definitions.remove(.connection, definition.id)
                try await noteDefinition("delete", .connection, definition.name, context)
                return .seeOther("/connections")
            },
        ]
    }

    /// The connection that the path names, which was made here.
    private func definition(_ context: RequestFrame) async throws -> Definition {
        let entry = try connection(context)
        guard let definition = try await definitions.all().first(where: { $0.kind == .connection && $0.name == entry.name })
        else {
            throw Problem(
                .conflict, "the connection '\(entry.name)' stands in \(LeatProject.fileName)", hint: "change it in the file")
        }
        return definition
    }

    /// Empties the tables of a connection, or reads all of them anew, as a run of its own pipeline.
    private func reset(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let entry = try connection(context)
        let form = try await Doorman.form(request, context)
        let action: SyncAction = form["action"] == "refresh" ? .refresh : .clear
        var parameters = action.parameters.object ?? JSON.Members()
        let streams = form.all("stream").filter { name in entry.streams.contains { $0.name == name } }
        guard !streams.isEmpty || entry.streams.isEmpty else {
            throw Problem(.unprocessableContent, "no stream is chosen", hint: "tick those that are to be reset")
        }
        if streams.count < entry.streams.count { parameters["streams"] = .array(streams.map { .string($0) }) }
        let record = try await control(context).trigger(
            try pipeline(of: entry.name), RunRequest(kind: .manual, parameters: .object(parameters)))
        return .seeOther(Paths.run(record.id))
    }

    /// What a source offers at the moment, or why it does not say.
    private func offered(by source: String) async -> (streams: [DiscoveredStream], problem: Problem?) {
        do {
            return (try await ProjectConnectors(project).discover(source).streams, nil)
        } catch {
            let problem = (error as? any UserFacingError).map { Problem($0) }
            return ([], problem ?? Problem(.unprocessableContent, "the source '\(source)' does not say what it has"))
        }
    }

    private func newConnection(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let fields = request.fields
        guard let source = fields["source"], let destination = fields["destination"], !source.isEmpty, !destination.isEmpty else {
            let values: [String: Value] = [
                "sources": Value(project.sources.map(\.name)), "destinations": Value(project.destinations.map(\.name)),
            ]
            return try pages.page("connection-choice.html", values, for: request, context, section: "Connections")
        }
        var form = ConnectionForm(source: source, destination: destination)
        let (offered, problem) = await offered(by: source)
        form.offer(offered)
        return try show(form, old: nil, problem: problem, request, context)
    }

    private func show(
        _ form: ConnectionForm, old: String?, problem: Problem?, _ request: Request, _ context: RequestFrame
    ) throws -> Response {
        let values: [String: Value] = [
            "form": form.value, "new": .bool(old == nil), "old": Value(old),
            "path": .string(old.map { Paths.connection($0) } ?? "/connections"), "problem": problem.map(\.value) ?? .none,
        ]
        return try pages.page(
            "connection-form.html", values, for: request, context, section: "Connections", status: problem?.status ?? .ok)
    }

    private func createConnection(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let fields = try await Doorman.form(request, context)
        var form = ConnectionForm(source: fields["source"] ?? "", destination: fields["destination"] ?? "")
        let (offered, problem) = await offered(by: form.source)
        form.offer(offered)
        form.take(fields)
        if let problem { return try show(form, old: nil, problem: problem, request, context) }
        return try await take(form, old: nil, request, context) {
            try await definitions.create(
                .connection, name: form.name, content: form.content, by: author(context), limits: limits(context))
            try await noteDefinition("create", .connection, form.name, context)
        }
    }

    private func changeConnection(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let definition = try await definition(context)
        let fields = try await Doorman.form(request, context)
        // Streams that the source does not offer at the moment stay as they are.
        let (offered, _) = await offered(by: definition.content["source"]?.string ?? "")
        var form = ConnectionForm(name: definition.name, content: definition.content, offered: offered)
        form.take(fields)
        // What the form does not show stays.
        var content = definition.content.object ?? JSON.Members()
        for entry in form.content.object?.entries ?? [] { content[entry.key] = entry.value }
        if form.schedule == "manual" { content["schedule"] = "manual" }
        return try await take(form, old: definition.name, request, context) { [content] in
            try await definitions.update(
                .connection, definition.id, name: form.name, content: .object(content), by: author(context),
                limits: limits(context))
            try await noteDefinition("update", .connection, form.name, context)
        }
    }

    private func take(
        _ form: ConnectionForm, old: String?, _ request: Request, _ context: RequestFrame, _ body: () async throws -> Void
    ) async throws -> Response {
        do {
            guard form.streams.contains(where: \.isChosen) else {
                throw ProjectError(.badValue, "no stream is chosen", hint: "tick those that are to be moved")
            }
            try await body()
            return .seeOther(Paths.connection(form.name))
        } catch let error as any UserFacingError {
            return try show(form, old: old, problem: Problem(error), request, context)
        }
    }
}

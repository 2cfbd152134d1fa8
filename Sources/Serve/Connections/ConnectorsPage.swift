import Connectors
import Diagnostics
import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project
import Records

extension Site {
    /// Sources and destinations: what they are, whether they answer, and forms to add and change them.
    var connectorRoutes: [Route] {
        [ConnectorRole.source, .destination].flatMap { (role: ConnectorRole) -> [Route] in
            let base = "/\(role.rawValue)s"
            return [
                .get("\(base)/new", .edit) { request, context in try newConnector(role, request, context) },
                .post(base, .edit) { request, context in try await createConnector(role, request, context) },
                .post("\(base)/test", .edit) { request, context in try await testForm(role, request, context) },
                .get("\(base)/:name", .look) { request, context in
                    try await connectorPage(role, try connector(role, context), request, context)
                },
                .post("\(base)/:name/test", .run) { request, context in
                    let entry = try connector(role, context)
                    _ = try await Doorman.form(request, context)
                    return try await connectorPage(role, entry, answer: await answer(of: entry.name, role), request, context)
                },
                .get("\(base)/:name/edit", .edit) { request, context in
                    let entry = try connector(role, context)
                    guard !entry.origin.isFile else { throw Self.inFile(role, entry.name) }
                    let form = try ConnectorForm(role, of: entry.connector)
                    return try show(
                        form, name: entry.name, isNew: false, .init(current: form.current(entry)), request, context)
                },
                .post("\(base)/:name", .edit) { request, context in try await changeConnector(role, request, context) },
                .post("\(base)/:name/remove", .edit) { request, context in
                    let entry = try connector(role, context)
                    _ = try await Doorman.form(request, context)
                    try await definitions.remove(role.kind, entry.id(as: role.kind))
                    try await noteDefinition("delete", role.kind, entry.name, context)
                    return .seeOther("/connections")
                },
            ]
        }
    }

    private func connector(_ role: ConnectorRole, _ context: RequestFrame) throws -> ConnectorEntry {
        let name = try context.part("name")
        guard let entry = (role == .source ? project.sources : project.destinations).first(where: { $0.name == name }) else {
            throw Problem.notFound("\(role.rawValue) '\(name)'")
        }
        return entry
    }

    private static func inFile(_ role: ConnectorRole, _ name: String) -> Problem {
        Problem(
            .conflict, "the \(role.rawValue) '\(name)' stands in \(LeatProject.fileName)", hint: "change it in the file")
    }

    // MARK: Forms

    private func newConnector(_ role: ConnectorRole, _ request: Request, _ context: RequestFrame) throws -> Response {
        guard let connector = request.fields["connector"] else {
            let values: [String: Value] = [
                "role": .string(role.rawValue),
                "connectors": Value(
                    ConnectorForm.specs(role).map { spec in
                        Value([
                            "title": .string(spec.title), "name": .string(spec.name), "fields": .int(spec.fields.count),
                            "path": .string("/\(role.rawValue)s/new?connector=\(FormFields.encode(spec.name))"),
                        ])
                    }),
                "image": Value(
                    limits(context).allowsImages ? "/\(role.rawValue)s/new?connector=\(ConnectorForm.image)" : nil),
            ]
            return try pages.page("connector-choice.html", values, for: request, context, section: "Connections")
        }
        return try show(try ConnectorForm(role, connector: connector), name: "", isNew: true, .init(), request, context)
    }

    private func show(
        _ form: ConnectorForm, name: String, isNew: Bool, _ filling: SchemaField.Filling, problem: Problem? = nil,
        answer: Value = .none, _ request: Request, _ context: RequestFrame
    ) throws -> Response {
        let base = "/\(form.role.rawValue)s"
        let values: [String: Value] = [
            "role": .string(form.role.rawValue), "connector": .string(form.connector), "title": .string(form.title),
            "name": .string(filling.typed?["name"] ?? name), "old": .string(name), "new": .bool(isNew),
            "path": .string(isNew ? base : Paths.connector(name, form.role)), "base": .string(base),
            "sections": form.form.value(filling, folds: true), "problem": problem.map(\.value) ?? .none, "answer": answer,
        ]
        return try pages.page(
            "connector-form.html", values, for: request, context, section: "Connections", status: problem?.status ?? .ok)
    }

    private func createConnector(_ role: ConnectorRole, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let fields = try await Doorman.form(request, context)
        let form = try ConnectorForm(role, connector: fields["connector"] ?? "")
        return try await take(form, fields, stored: nil, name: "", request, context) { name, content in
            try await definitions.create(
                role.kind, name: name, content: content, by: author(context), limits: limits(context))
            try await noteDefinition("create", role.kind, name, context)
        }
    }

    private func changeConnector(_ role: ConnectorRole, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let entry = try connector(role, context)
        let fields = try await Doorman.form(request, context)
        guard !entry.origin.isFile else { throw Self.inFile(role, entry.name) }
        let form = try ConnectorForm(role, of: entry.connector)
        return try await take(form, fields, stored: entry.config, name: entry.name, request, context) { name, content in
            try await definitions.update(
                role.kind, entry.id(as: role.kind), name: name, content: content,
                by: author(context), limits: limits(context))
            try await noteDefinition("update", role.kind, name, context)
        }
    }

    /// Reads the form, and does with it what `body` says; what is wrong is shown in the form.
    private func take(
        _ form: ConnectorForm, _ fields: FormFields, stored: JSON?, name old: String, _ request: Request, _ context: RequestFrame,
        _ body: (String, JSON) async throws -> Void
    ) async throws -> Response {
        let name = String((fields["name"] ?? "").trimmingSpaces)
        let (content, problems) = form.content(fields, stored: stored)
        var filling = SchemaField.Filling(current: stored, typed: form.shown(fields), problems: problems)
        var problem: Problem?
        if name.isEmpty { problem = Problem(.unprocessableContent, "It needs a name.") }
        if !problems.isEmpty { problem = Problem(.unprocessableContent, "Some fields cannot be taken; nothing was saved.") }
        if problem == nil {
            do {
                try await body(name, content)
                return .seeOther(Paths.connector(name, form.role))
            } catch let error as any UserFacingError {
                let found = Problem(error)
                filling.problems = form.problem(found)
                problem = found
            }
        }
        return try show(form, name: old, isNew: old.isEmpty, filling, problem: problem, request, context)
    }

    // MARK: Whether it answers

    /// Tries what stands in a form, without saving it.
    private func testForm(_ role: ConnectorRole, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let fields = try await Doorman.form(request, context)
        let form = try ConnectorForm(role, connector: fields["connector"] ?? "")
        let old = fields["old"] ?? ""
        let entries = role == .source ? project.sources : project.destinations
        // Only the secrets of what was made here are put in where none is typed: those of the file must not be sent elsewhere.
        let stored = old.isEmpty ? nil : entries.first { $0.name == old && !$0.origin.isFile }?.config
        let (content, problems) = form.content(fields, stored: stored)
        var filling = SchemaField.Filling(current: stored, typed: form.shown(fields), problems: problems)
        guard problems.isEmpty else {
            let problem = Problem(.unprocessableContent, "Some fields cannot be taken, so it was not tried.")
            return try show(form, name: old, isNew: old.isEmpty, filling, problem: problem, request, context)
        }
        let answer: Value
        do {
            let name = old.isEmpty ? "a new \(role.rawValue)" : old
            answer = Self.value(try await definitions.probe(role.kind, name: name, content: content, limits: limits(context)))
        } catch let error as any UserFacingError {
            let problem = Problem(error)
            filling.problems = form.problem(problem)
            answer = Self.value(error)
        }
        return try show(form, name: old, isNew: old.isEmpty, filling, answer: answer, request, context)
    }

    /// What a check of a source or destination finds, in words.
    private func answer(of name: String, _ role: ConnectorRole) async -> Value {
        let check = try? await ProjectConnectors(project).check(name).first { $0.role.rawValue == role.rawValue }
        switch check?.result {
        case .success(let report): return Self.value(report)
        case .failure(let error as any UserFacingError): return Self.value(error)
        default: return Value(["good": false, "message": "it could not be tried", "details": []])
        }
    }

    private static func value(_ report: CheckReport) -> Value {
        Value(["good": true, "message": .string(report.summary), "details": Value(report.remarks)])
    }

    private static func value(_ error: any UserFacingError) -> Value {
        Value(["good": false, "message": .string(error.message), "details": Value(error.details), "hint": Value(error.hint)])
    }

    // MARK: The page

    private func connectorPage(
        _ role: ConnectorRole, _ entry: ConnectorEntry, answer: Value = .none, _ request: Request, _ context: RequestFrame
    ) async throws -> Response {
        let users = project.connections.filter { (role == .source ? $0.source : $0.destination) == entry.name }
        var streams: Value = .none
        var problem: Value = .none
        if role == .source, request.fields["streams"] != nil, context.visitor?.role.allows(.run) == true {
            do {
                streams = Value(
                    try await ProjectConnectors(project).discover(entry.name).streams.map { stream in
                        Value([
                            "name": .string("\(stream.descriptor)"), "kind": .string(stream.kind.rawValue),
                            "key": Value(stream.primaryKey), "rows": Value(stream.estimatedRows.map(Amount.count)),
                            "columns": Value(stream.fields.map { "\($0.name) \($0.typeName)" }),
                        ])
                    })
            } catch let error as any UserFacingError {
                problem = Problem(error).value
            }
        }
        let values: [String: Value] = [
            "role": .string(role.rawValue), "name": .string(entry.name), "connector": .string(entry.connector.words),
            "path": .string(Paths.connector(entry.name, role)), "made": .bool(!entry.origin.isFile),
            "place": Value(entry.origin.isFile ? "\(entry.location)" : nil),
            "config": Value(
                ConnectorForm.shown(entry.maskedConfig(as: role == .source ? .source : .destination)).map {
                    Value(["name": .string($0.name), "text": .string($0.text)])
                }),
            "connections": Value(
                users.map { Value(["name": .string($0.name), "path": .string(Paths.connection($0.name))]) }),
            "answer": answer, "streams": streams, "problem": problem, "source": .bool(role == .source),
        ]
        return try pages.page("connector.html", values, for: request, context, section: "Connections")
    }
}

extension ConnectorReference {
    /// For everybody who may look: of programs only that it is one, for their arguments are theirs.
    var words: String {
        if case .command = self { return "a program" }
        return "\(self)"
    }
}

extension ConnectorRole {
    var kind: Definition.Kind { self == .source ? .source : .destination }
}

import Diagnostics
import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Variables, secrets and connections that templates and programs ask for. A secret is written and never shown again.
    var valueRoutes: [Route] {
        [
            .get("/admin/variables", .edit) { request, context in try await variablesPage(request, context) },
            .post("/admin/variables", .edit) { request, context in try await setVariable(request, context) },
            .post("/admin/variables/remove", .edit) { request, context in
                let form = try await Doorman.form(request, context)
                try await vault(context).removeVariable(form["name"] ?? "")
                return .seeOther("/admin/variables")
            },
            .get("/admin/secrets", .edit) { request, context in try await secretsPage(request, context) },
            .post("/admin/secrets", .edit) { request, context in
                let form = try await Doorman.form(request, context)
                do {
                    guard let value = form["value"], !value.isEmpty else {
                        throw Problem(.unprocessableContent, "The secret has no value.")
                    }
                    try await vault(context).setSecret(
                        form["name"] ?? "", value.replacing("\r\n", with: "\n"), description: Self.text(form["description"]))
                } catch let error as any UserFacingError {
                    return try await secretsPage(request, context, typed: form, problem: Problem(error))
                } catch let error as Problem {
                    return try await secretsPage(request, context, typed: form, problem: error)
                }
                return .seeOther("/admin/secrets")
            },
            .post("/admin/secrets/remove", .edit) { request, context in
                let form = try await Doorman.form(request, context)
                try await vault(context).removeSecret(form["name"] ?? "")
                return .seeOther("/admin/secrets")
            },
            .get("/admin/connections", .edit) { request, context in try await externalPage(request, context) },
            .post("/admin/connections", .edit) { request, context in try await setExternal(request, context) },
            .post("/admin/connections/remove", .edit) { request, context in
                let form = try await Doorman.form(request, context)
                try await vault(context).removeConnection(form["id"] ?? "")
                return .seeOther("/admin/connections")
            },
        ]
    }

    private func vault(_ context: RequestFrame) -> Vault {
        ProjectVault.open(project, store: store, author: Author(context.visitor?.name ?? "nobody"))
    }

    /// A text that is not empty.
    private static func text(_ field: String?) -> String? {
        field.map { String($0.trimmingSpaces) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Variables

    private func variablesPage(
        _ request: Request, _ context: RequestFrame, typed: FormFields? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let now = clock.now()
        let stored = try await vault(context).values()
        var values: [String: Value] = [
            "variables": Value(
                stored.sealed.variables.map { item in
                    // What is encrypted stays so: nobody reads it here.
                    let text = item.isEncrypted ? nil : (try? JSON(parsing: item.value)).map(SchemaField.text) ?? item.value
                    return Value([
                        "name": .string(item.name), "type": .string(item.type.rawValue), "text": Value(text),
                        "description": .string(item.description ?? ""), "encrypted": .bool(item.isEncrypted),
                        "updated": Moment.value(item.updatedAt, now: now),
                    ])
                }),
            "types": Value(Variable.Kind.allCases.map(\.rawValue)), "problem": problem.map(\.value) ?? .none,
            "tab": "Variables", "name": .string(typed?["name"] ?? ""), "value": "", "type": .string(typed?["type"] ?? "string"),
            "description": .string(typed?["description"] ?? ""), "encrypted": .bool(typed?["encrypted"] != nil),
        ]
        if typed?["encrypted"] == nil { values["value"] = .string(typed?["value"] ?? "") }
        if let name = request.fields["name"], typed == nil, let item = stored.sealed.variables.first(where: { $0.name == name }) {
            values["name"] = .string(name)
            values["type"] = .string(item.type.rawValue)
            values["description"] = .string(item.description ?? "")
            values["encrypted"] = .bool(item.isEncrypted)
            if !item.isEncrypted {
                values["value"] = .string((try? JSON(parsing: item.value)).map(SchemaField.text) ?? item.value)
            }
        }
        return try pages.page(
            "variables.html", values, for: request, context, section: "Admin", status: problem?.status ?? .ok)
    }

    private func setVariable(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let form = try await Doorman.form(request, context)
        do {
            try await vault(context).set(
                try Variable(
                    name: String((form["name"] ?? "").trimmingSpaces),
                    type: Variable.Kind(rawValue: form["type"] ?? "") ?? .string,
                    value: .string((form["value"] ?? "").replacing("\r\n", with: "\n")),
                    description: Self.text(form["description"]), isEncrypted: form["encrypted"] != nil))
        } catch let error as any UserFacingError {
            return try await variablesPage(request, context, typed: form, problem: Problem(error))
        }
        return .seeOther("/admin/variables")
    }

    // MARK: Secrets

    private func secretsPage(
        _ request: Request, _ context: RequestFrame, typed: FormFields? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let now = clock.now()
        let values: [String: Value] = [
            "secrets": Value(
                try await vault(context).values().sealed.secrets.map { item in
                    Value([
                        "name": .string(item.name), "description": .string(item.description ?? ""),
                        "updated": Moment.value(item.updatedAt, now: now),
                    ])
                }),
            "problem": problem.map(\.value) ?? .none, "tab": "Secrets",
            "name": .string(typed?["name"] ?? request.fields["name"] ?? ""), "description": .string(typed?["description"] ?? ""),
        ]
        return try pages.page(
            "secrets.html", values, for: request, context, section: "Admin", status: problem?.status ?? .ok)
    }

    // MARK: Connections

    private func externalPage(
        _ request: Request, _ context: RequestFrame, typed: FormFields? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let now = clock.now()
        let stored = try await vault(context).values().sealed.connections
        let chosen = typed == nil ? request.fields["id"].flatMap { id in stored.first { $0.id == id } } : nil
        func filled(_ name: String, _ value: String?) -> Value { .string(typed?[name] ?? value ?? "") }
        let values: [String: Value] = [
            "connections": Value(
                stored.map { item in
                    Value([
                        "id": .string(item.id), "type": .string(item.type), "description": .string(item.description ?? ""),
                        "host": .string(item.host ?? ""), "login": .string(item.login ?? ""),
                        "port": Value(item.port.map { "\($0)" }), "password": .bool(item.password != nil),
                        "extra": .bool(item.extra != nil), "updated": Moment.value(item.updatedAt, now: now),
                    ])
                }),
            "problem": problem.map(\.value) ?? .none, "tab": "Connections", "id": filled("id", chosen?.id),
            "type": filled("type", chosen?.type), "description": filled("description", chosen?.description),
            "host": filled("host", chosen?.host), "schema": filled("schema", chosen?.schema),
            "login": filled("login", chosen?.login),
            "port": filled("port", chosen?.port.map { "\($0)" }), "stored": .bool(chosen != nil),
        ]
        return try pages.page(
            "external.html", values, for: request, context, section: "Admin", status: problem?.status ?? .ok)
    }

    private func setExternal(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let form = try await Doorman.form(request, context)
        do {
            let vault = vault(context)
            let id = String((form["id"] ?? "").trimmingSpaces)
            // A password or extra that is not typed anew stays.
            let known = try await vault.values().sealed.connections.contains { $0.id == id }
            let old = known ? try await vault.values().connection(id) : nil
            var port: Int?
            if let text = Self.text(form["port"]) {
                guard let number = Int(text), (1...65_535).contains(number) else {
                    throw Problem(.unprocessableContent, "'\(text)' is no port")
                }
                port = number
            }
            let extra = try Self.text(form["extra"]).map { try JSON(parsing: $0, file: "extra") }
            try await vault.set(
                ExternalConnection(
                    id: id, type: Self.text(form["type"]) ?? "generic", description: Self.text(form["description"]),
                    host: Self.text(form["host"]), schema: Self.text(form["schema"]), login: Self.text(form["login"]),
                    password: form["password"].flatMap { $0.isEmpty ? nil : $0 } ?? old?.password, port: port,
                    extra: extra ?? old?.extra))
        } catch let error as any UserFacingError {
            return try await externalPage(request, context, typed: form, problem: Problem(error))
        } catch let error as Problem {
            return try await externalPage(request, context, typed: form, problem: error)
        }
        return .seeOther("/admin/connections")
    }
}

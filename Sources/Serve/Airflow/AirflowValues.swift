import Connectors
import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Variables and connections as Airflow's API has them. Those that stand in leat.yml are read only.
struct AirflowValues: Sendable {
    let site: Site
    let dialect: AirflowDialect

    var routes: [Route] {
        let prefix = dialect.prefix
        return [
            .get("\(prefix)/variables", .edit) { request, _ in
                let values = try await values()
                let names = Set(site.project.variables.keys).union(values.sealed.variables.map(\.name)).sorted()
                return Response(
                    json: try AirflowList(request, dialect).page(
                        try names.compactMap { try variable($0, values) }, as: "variables"))
            },
            .post("\(prefix)/variables", .edit) { request, context in
                let body = try await Doorman.json(request, context)
                guard let name = body["key"]?.string else { throw missing("key") }
                if try await values().sealed.variables.contains(where: { $0.name == name }) {
                    throw Problem(.conflict, "there is a variable '\(name)' already")
                }
                return try await setVariable(name, body, nil, context, status: dialect == .v1 ? .ok : .created)
            },
            .get("\(prefix)/variables/:name", .edit) { _, context in
                let name = try context.part("name")
                guard let found = try variable(name, try await values()) else { throw Problem.notFound("variable '\(name)'") }
                return Response(json: found)
            },
            .patch("\(prefix)/variables/:name", .edit) { request, context in
                let name = try context.part("name")
                let old = try await values().sealed.variables.first { $0.name == name }
                if old == nil { try refuseFile(name, site.project.variables[name] != nil, "variable") }
                return try await setVariable(name, try await Doorman.json(request, context), old, context, status: .ok)
            },
            .delete("\(prefix)/variables/:name", .edit) { _, context in
                let name = try context.part("name")
                let isStored = try await values().sealed.variables.contains { $0.name == name }
                if !isStored { try refuseFile(name, site.project.variables[name] != nil, "variable") }
                try await vault(context).removeVariable(name)
                return Response(status: .noContent)
            },
        ] + connectionRoutes
    }

    private var connectionRoutes: [Route] {
        let path = "\(dialect.prefix)/connections"
        return [
            .get(path, .edit) { request, _ in
                let values = try await values()
                let items = try values.sealed.connections.compactMap { try values.connection($0.id) }.map(document)
                return Response(json: try AirflowList(request, dialect).page(items + entries.map(document), as: "connections"))
            },
            .post(path, .edit) { request, context in
                let body = try await Doorman.json(request, context)
                guard let id = body["connection_id"]?.string else { throw missing("connection_id") }
                if try await values().sealed.connections.contains(where: { $0.id == id }) {
                    throw Problem(.conflict, "there is a connection '\(id)' already")
                }
                return try await setConnection(id, body, nil, context, status: dialect == .v1 ? .ok : .created)
            },
            .get("\(path)/:name", .edit) { _, context in
                let name = try context.part("name")
                if let found = try await values().connection(name) { return Response(json: document(found)) }
                guard let entry = entries.first(where: { $0.name == name }) else {
                    throw Problem.notFound("connection '\(name)'")
                }
                return Response(json: document(entry))
            },
            .patch("\(path)/:name", .edit) { request, context in
                let name = try context.part("name")
                let old = try await values().connection(name)
                if old == nil { try refuseFile(name, entries.contains { $0.name == name }, "connection") }
                return try await setConnection(name, try await Doorman.json(request, context), old, context, status: .ok)
            },
            .delete("\(path)/:name", .edit) { _, context in
                let name = try context.part("name")
                let isStored = try await values().sealed.connections.contains { $0.id == name }
                if !isStored { try refuseFile(name, entries.contains { $0.name == name }, "connection") }
                try await vault(context).removeConnection(name)
                return Response(status: .noContent)
            },
        ]
    }

    private func values() async throws -> StoredValues {
        try await ProjectVault.open(site.project, store: site.store, author: Author("reader")).values()
    }

    private func vault(_ context: RequestFrame) -> Vault {
        ProjectVault.open(site.project, store: site.store, author: site.author(context))
    }

    private func missing(_ field: String) -> Problem {
        var problem = Problem(.unprocessableContent, "'\(field)' is missing")
        problem.field = field
        return problem
    }

    /// - Throws: `Problem` 409 for what stands in leat.yml, 404 for what is nowhere.
    private func refuseFile(_ name: String, _ isThere: Bool, _ what: String) throws {
        guard isThere else { throw Problem.notFound("\(what) '\(name)'") }
        throw Problem(.conflict, "the \(what) '\(name)' stands in \(LeatProject.fileName)", hint: "change it in the file")
    }

    // MARK: Variables

    private func variable(_ name: String, _ values: StoredValues) throws -> JSON? {
        if let stored = values.sealed.variables.first(where: { $0.name == name }) {
            // What is kept encrypted is hidden, as Airflow hides what looks secret.
            let value = stored.isEncrypted ? .string("***") : try values.variable(name)?.value ?? .null
            return document(name, value, stored.description, isEncrypted: stored.isEncrypted)
        }
        return site.project.variables[name].map { document(name, $0, nil, isEncrypted: false) }
    }

    private func document(_ name: String, _ value: JSON, _ description: String?, isEncrypted: Bool) -> JSON {
        .members([
            ("key", .string(name)), ("value", .string(value.string ?? value.text())), ("description", .string(description)),
            ("is_encrypted", .bool(isEncrypted)),
        ])
    }

    private func setVariable(
        _ name: String, _ body: JSON, _ old: SealedValues.StoredVariable?, _ context: RequestFrame, status: HTTPResponse.Status
    ) async throws -> Response {
        guard let value = body["value"], !value.isNull else { throw missing("value") }
        let isEncrypted = old?.isEncrypted ?? false
        // Who sends back what was shown hidden does not mean the stars.
        if isEncrypted, value == "***" { throw Problem(.unprocessableContent, "the value is hidden", hint: "send a new one") }
        try await vault(context).set(
            try Variable(
                name: name, type: old?.type ?? Variable.Kind(of: value), value: value,
                description: body["description"]?.string ?? old?.description, isEncrypted: isEncrypted))
        guard let found = try variable(name, try await values()) else { throw Problem.notFound("variable '\(name)'") }
        return Response(json: found, status: status)
    }

    // MARK: Connections

    private var entries: [ConnectorEntry] { site.project.sources + site.project.destinations }

    /// Where a source or destination is, without its secrets.
    private func document(_ entry: ConnectorEntry) -> JSON {
        let kind =
            switch entry.connector {
            case .builtIn(let name, _): name
            // Of others only how they are run, for their arguments are theirs.
            case .command: "exec"
            case .image: "image"
            }
        return .members([
            ("connection_id", .string(entry.name)), ("conn_type", .string(kind)), ("description", .null),
            ("host", .string(entry.config["host"]?.string)), ("login", .string(entry.config["username"]?.string)),
            ("schema", .string(entry.config["database"]?.string)), ("port", entry.config["port"]?.int.map { .int($0) } ?? .null),
            ("extra", .null),
        ])
    }

    /// Without its password; what is secret in extra cannot be told from the rest, so it is hidden too.
    private func document(_ connection: ExternalConnection) -> JSON {
        .members([
            ("connection_id", .string(connection.id)), ("conn_type", .string(connection.type)),
            ("description", .string(connection.description)), ("host", .string(connection.host)),
            ("login", .string(connection.login)), ("schema", .string(connection.schema)),
            ("port", connection.port.map { .int($0) } ?? .null),
            ("extra", connection.extra == nil ? .null : dialect == .v1 ? "{}" : .null),
        ])
    }

    private func setConnection(
        _ id: String, _ body: JSON, _ old: ExternalConnection?, _ context: RequestFrame, status: HTTPResponse.Status
    ) async throws -> Response {
        var members = old?.json.object ?? JSON.Members()
        for key in ["conn_type", "description", "host", "login", "schema", "port", "password", "extra"] {
            guard let value = body[key] else { continue }
            members[key] = value.isNull ? nil : value
        }
        guard members["conn_type"]?.string != nil else { throw missing("conn_type") }
        let connection = try ExternalConnection(id: id, json: .object(members))
        try await vault(context).set(connection)
        return Response(json: document(connection), status: status)
    }
}

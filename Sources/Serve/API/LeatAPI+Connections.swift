import Documents
import Foundation
import Hummingbird
import Orchestrate
import Project

extension LeatAPI {
    private static let connectionSchema = APISchemas.object(
        [("name", APISchemas.name), ("source", APISchemas.text), ("destination", APISchemas.text)],
        [
            ("streams", APISchemas.array(APISchemas.record)), ("schedule", ["type": ["string", "object"]]),
            ("namespace_definition", APISchemas.text), ("namespace_format", APISchemas.text), ("prefix", APISchemas.text),
            ("non_breaking_schema_updates_behavior", APISchemas.text), ("backfill_new_columns", APISchemas.flag),
            ("parallel_streams", APISchemas.whole), ("retries", APISchemas.text), ("part_size", APISchemas.text),
            ("verify", ["type": ["boolean", "integer"]]),
        ])

    private static let jobSchema = APISchemas.object(
        [],
        [
            ("action", ["enum": .array(SyncAction.allCases.map { .string($0.rawValue) })]),
            ("streams", APISchemas.array(APISchemas.text)),
        ])

    /// Connections, and their syncs.
    var connectionRoutes: [Route] {
        let path = "/connections"
        return [
            route(
                .get, path, .look,
                APIOperation(
                    id: "listConnections", summary: "All connections; those of leat.yml are read only", tag: "connections",
                    query: APISchemas.paging, answer: .json(APISchemas.page("Connection")))
            ) { request, _ in
                let pauses = try await site.store.pauses()
                let contents = try await contents()
                return try Self.page(site.project.connections.map { Self.document($0, pauses, contents) }, request)
            },
            route(
                .post, path, .edit,
                APIOperation(
                    id: "createConnection", summary: "Define a connection, with the keys that it would have in leat.yml",
                    tag: "connections", body: Self.connectionSchema, answer: .created(APISchemas.ref("Connection")))
            ) { request, context in
                let body = try await Self.body(request, context, Self.connectionSchema)
                let made = try await site.definitions.create(
                    .connection, name: body["name"]?.string ?? "", content: Self.content(body), by: site.author(context),
                    limits: site.limits(context))
                try await site.noteDefinition("create", .connection, made.name, context)
                return try await document(made.id)
            },
            route(
                .get, "\(path)/:id", .look,
                APIOperation(
                    id: "getConnection", summary: "A connection, by its id or its name", tag: "connections",
                    answer: .json(APISchemas.ref("Connection")))
            ) { _, context in try await document(try connection(context).id) },
            route(
                .put, "\(path)/:id", .edit,
                APIOperation(
                    id: "changeConnection", summary: "Change a connection. Takes If-Match", tag: "connections",
                    body: Self.connectionSchema, answer: .json(APISchemas.ref("Connection")))
            ) { request, context in
                let old = try connection(context)
                try Self.checkMatch(request, try await document(old.id))
                let body = try await Self.body(request, context, Self.connectionSchema)
                let made = try await site.definitions.update(
                    .connection, old.id, name: body["name"]?.string, content: Self.content(body), by: site.author(context),
                    limits: site.limits(context))
                try await site.noteDefinition("update", .connection, made.name, context)
                return try await document(made.id)
            },
            route(
                .delete, "\(path)/:id", .edit,
                APIOperation(
                    id: "removeConnection", summary: "Remove a connection; the tables stay", tag: "connections", answer: .none)
            ) { request, context in
                let old = try connection(context)
                try Self.checkMatch(request, try await document(old.id))
                try await site.definitions.remove(.connection, old.id)
                try await site.noteDefinition("delete", .connection, old.name, context)
                return .null
            },
            route(
                .post, "\(path)/:id/runs", .run,
                APIOperation(
                    id: "runConnection", summary: "Sync a connection, read it all again, or empty its tables",
                    tag: "connections", body: Self.jobSchema, answer: .created(APISchemas.ref("Run")))
            ) { request, context in
                let entry = try connection(context)
                let body = try await Self.body(request, context, Self.jobSchema)
                let id = PipelineID(PipelineDefinition.syncPrefix + entry.name)
                guard let pipeline = site.current.pipelines.first(where: { $0.definition.id == id }) else {
                    throw Problem.notFound("pipeline '\(id)'")
                }
                return Self.document(
                    try await site.control(context).trigger(pipeline.definition, RunRequest(parameters: body)))
            },
        ]
    }

    private func connection(_ context: RequestFrame) throws -> ConnectionEntry {
        let text = try context.part("id")
        let id = UUID(uuidString: text)
        guard let entry = site.project.connections.first(where: { $0.id == id || $0.name == text }) else {
            throw Problem.notFound("connection '\(text)'")
        }
        return entry
    }

    /// What connections were defined with, by their ids.
    private func contents() async throws -> [UUID: JSON] {
        Dictionary(
            try await site.definitions.all().filter { $0.kind == .connection }.map { ($0.id, $0.content) },
            uniquingKeysWith: { first, _ in first })
    }

    private func document(_ id: UUID) async throws -> JSON {
        guard let entry = site.project.connections.first(where: { $0.id == id }) else {
            throw Problem.notFound("connection '\(id.text)'")
        }
        return Self.document(entry, try await site.store.pauses(), try await contents())
    }

    private static func content(_ body: JSON) -> JSON {
        guard case .object(var members) = body else { return body }
        members["name"] = nil
        return .object(members)
    }

    private static func document(
        _ entry: ConnectionEntry, _ pauses: [PipelineID: Bool], _ contents: [UUID: JSON]
    ) -> JSON {
        let pipeline = PipelineID(PipelineDefinition.syncPrefix + entry.name)
        return [
            "id": .string(entry.id.text), "name": .string(entry.name), "source": .string(entry.source),
            "destination": .string(entry.destination), "pipeline": .string(pipeline.rawValue),
            "schedule": .string(ScheduleWords.text(entry.schedule)), "paused": .bool(pauses[pipeline] ?? false),
            "namespace_definition": .string(entry.namespaceDefinition), "namespace_format": .string(entry.namespaceFormat),
            "prefix": .string(entry.prefix), "streams": .array(entry.streams.map(stream)),
            "read_only": .bool(entry.origin.isFile), "revision": entry.origin.revision.json,
            "definition": entry.origin.isFile ? .null : contents[entry.id] ?? .null,
        ]
    }

    private static func stream(_ stream: ConnectionEntry.Stream) -> JSON {
        .members([
            ("name", .string(stream.name)), ("namespace", .string(stream.namespace)), ("sync_mode", .string(stream.syncMode)),
            ("cursor_field", .string(stream.cursorField)), ("primary_key", .array(stream.primaryKey.map { .string($0) })),
            ("selected_fields", stream.selectedFields.map { .array($0.map { .string($0) }) } ?? .null),
        ])
    }
}

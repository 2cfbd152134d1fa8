import Connectors
import Diagnostics
import Documents
import Foundation
import Hummingbird
import Orchestrate
import Project
import Records

extension LeatAPI {
    /// Connectors, sources and destinations.
    var definitionRoutes: [Route] {
        [
            route(
                .get, "/connectors", .look,
                APIOperation(
                    id: "listConnectors", summary: "The built-in connectors, with the JSON Schemas of their configs",
                    tag: "connections", query: APISchemas.paging, answer: .json(APISchemas.page("Connector")))
            ) { request, _ in
                let items: [JSON] = ConnectorRegistry.builtIn.specs.map { spec in
                    [
                        "name": .string(spec.name), "role": .string(spec.role.rawValue), "title": .string(spec.title),
                        "config_schema": spec.connectionSpecification,
                    ]
                }
                return try Self.page(items, request)
            }
        ] + endpointRoutes(.source) + endpointRoutes(.destination)
    }

    private static let draftSchema = APISchemas.object(
        [("name", APISchemas.name), ("connector", ["type": ["string", "object"]]), ("config", APISchemas.record)])

    private func entries(_ kind: Definition.Kind) -> [ConnectorEntry] {
        kind == .source ? site.project.sources : site.project.destinations
    }

    private func entry(_ kind: Definition.Kind, _ context: RequestFrame) throws -> ConnectorEntry {
        let text = try context.part("id")
        let id = UUID(uuidString: text)
        guard let entry = entries(kind).first(where: { $0.id(as: kind) == id || $0.name == text }) else {
            throw Problem.notFound("\(kind.rawValue) '\(text)'")
        }
        return entry
    }

    private func endpointRoutes(_ kind: Definition.Kind) -> [Route] {
        let name = kind.rawValue
        let title = name.prefix(1).uppercased() + name.dropFirst()
        let path = "/\(kind.section)"
        let role: ConnectorSpec.Role = kind == .source ? .source : .destination
        var routes: [Route] = [
            route(
                .get, path, .look,
                APIOperation(
                    id: "list\(title)s", summary: "All \(name)s; those of leat.yml are read only", tag: "connections",
                    query: APISchemas.paging, answer: .json(APISchemas.page("Endpoint")))
            ) { request, _ in try Self.page(entries(kind).map { Self.document($0, kind) }, request) },
            route(
                .post, path, .edit,
                APIOperation(
                    id: "create\(title)", summary: "Define a \(name)", tag: "connections", body: Self.draftSchema,
                    answer: .created(APISchemas.ref("Endpoint")))
            ) { request, context in
                let body = try await Self.body(request, context, Self.draftSchema)
                let made = try await site.definitions.create(
                    kind, name: body["name"]?.string ?? "", content: Self.content(body, nil), by: site.author(context),
                    limits: site.limits(context))
                try await site.noteDefinition("create", kind, made.name, context)
                return try document(kind, made.id)
            },
            route(
                .post, "\(path)/check", .edit,
                APIOperation(
                    id: "check\(title)Draft", summary: "Reach a \(name) that is not defined yet, or not so", tag: "connections",
                    body: Self.draftSchema, answer: .json(APISchemas.ref("Check")))
            ) { request, context in
                let body = try await Self.body(request, context, Self.draftSchema)
                let name = body["name"]?.string ?? ""
                let old = entries(kind).first { $0.name == name && !$0.origin.isFile }
                return try await Self.check {
                    try await site.definitions.probe(
                        kind, name: name, content: Self.content(body, old), limits: site.limits(context))
                }
            },
            route(
                .get, "\(path)/:id", .look,
                APIOperation(
                    id: "get\(title)", summary: "A \(name), by its id or its name", tag: "connections",
                    answer: .json(APISchemas.ref("Endpoint")))
            ) { _, context in Self.document(try entry(kind, context), kind) },
            route(
                .put, "\(path)/:id", .edit,
                APIOperation(
                    id: "change\(title)",
                    summary: "Change a \(name); secrets that are sent hidden stay as they are. Takes If-Match",
                    tag: "connections",
                    body: Self.draftSchema, answer: .json(APISchemas.ref("Endpoint")))
            ) { request, context in
                let old = try entry(kind, context)
                try Self.checkMatch(request, Self.document(old, kind))
                let body = try await Self.body(request, context, Self.draftSchema)
                let made = try await site.definitions.update(
                    kind, old.id(as: kind), name: body["name"]?.string, content: Self.content(body, old),
                    by: site.author(context), limits: site.limits(context))
                try await site.noteDefinition("update", kind, made.name, context)
                return try document(kind, made.id)
            },
            route(
                .delete, "\(path)/:id", .edit,
                APIOperation(
                    id: "remove\(title)", summary: "Remove a \(name), and the connections that were defined with it",
                    tag: "connections", answer: .none)
            ) { request, context in
                let old = try entry(kind, context)
                try Self.checkMatch(request, Self.document(old, kind))
                try await site.definitions.remove(kind, old.id(as: kind))
                try await site.noteDefinition("delete", kind, old.name, context)
                return .null
            },
            route(
                .post, "\(path)/:id/check", .edit,
                APIOperation(
                    id: "check\(title)", summary: "Reach a \(name), and look at its rights", tag: "connections",
                    answer: .json(APISchemas.ref("Check")))
            ) { _, context in
                let entry = try entry(kind, context)
                return try await Self.check {
                    let checks = try await ProjectConnectors(site.project).check(entry.name)
                    guard let check = checks.first(where: { $0.role == role }) else { throw Problem.notFound(entry.name) }
                    return try check.result.get()
                }
            },
        ]
        if kind == .source {
            routes.append(
                route(
                    .post, "\(path)/:id/discover", .edit,
                    APIOperation(
                        id: "discover", summary: "The streams of a source", tag: "connections", query: APISchemas.paging,
                        answer: .json(APISchemas.page("Stream")))
                ) { request, context in
                    let catalog = try await ProjectConnectors(site.project).discover(try entry(kind, context).name)
                    return try Self.page(catalog.streams.filter(\.isReadable).map(Self.document), request)
                })
        }
        return routes
    }

    private func document(_ kind: Definition.Kind, _ id: UUID) throws -> JSON {
        guard let entry = entries(kind).first(where: { $0.id(as: kind) == id }) else {
            throw Problem.notFound("\(kind.rawValue) '\(id.text)'")
        }
        return Self.document(entry, kind)
    }

    private static func document(_ entry: ConnectorEntry, _ kind: Definition.Kind) -> JSON {
        [
            "id": .string(entry.id(as: kind).text), "name": .string(entry.name), "connector": entry.connector.shown,
            "config": entry.maskedConfig(as: kind == .source ? .source : .destination),
            "read_only": .bool(entry.origin.isFile), "revision": entry.origin.revision.json,
        ]
    }

    /// What a document means where it was `old` before.
    static func content(_ body: JSON, _ old: ConnectorEntry?) -> JSON {
        [
            "connector": body["connector"] ?? .null,
            "config": SecretMask.restored(body["config"] ?? .object(JSON.Members()), from: old?.config),
        ]
    }

    /// What a check finds is its answer, whatever it is; what cannot be checked is an error.
    private static func check(_ body: () async throws -> CheckReport) async throws -> JSON {
        do {
            let report = try await body()
            return ["ok": true, "message": .string(report.summary), "remarks": .array(report.remarks.map { .string($0) })]
        } catch let error as ConnectorError where error.kind != .configuration && error.kind != .unknownConnector {
            return [
                "ok": false, "message": .string(error.message),
                "remarks": .array((error.details + [error.hint].compactMap { $0 }).map { .string($0) }),
            ]
        }
    }

    private static func document(_ stream: DiscoveredStream) -> JSON {
        [
            "name": .string(stream.descriptor.name), "namespace": .string(stream.descriptor.namespace),
            "kind": .string(stream.kind.rawValue), "primary_key": .array(stream.primaryKey.map { .string($0) }),
            "supports_incremental": .bool(stream.supportsIncremental), "has_own_cursor": .bool(stream.hasOwnCursor),
            "default_cursor_field": .string(stream.defaultCursorField), "estimated_rows": stream.estimatedRows.json,
            "fields": .array(
                stream.fields.map {
                    ["name": .string($0.name), "type": .string("\($0.type)"), "nullable": .bool($0.isNullable)]
                }),
        ]
    }
}

extension EntryOrigin {
    var revision: Int? {
        if case .made(_, let revision, _) = self { return revision }
        return nil
    }
}

extension ConnectorReference {
    /// For everybody who may look: of programs only that it is one, for their arguments are theirs.
    var shown: JSON {
        if case .command = self { return ["exec": true] }
        return json
    }
}

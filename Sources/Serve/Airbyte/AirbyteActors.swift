import Connectors
import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project
import Records

/// Sources, or destinations, as Airbyte's API has them; and the streams of sources.
struct AirbyteActors: Sendable {
    let site: Site
    let kind: Definition.Kind

    private var role: ConnectorSpec.Role { kind == .source ? .source : .destination }
    private var entries: [ConnectorEntry] { kind == .source ? site.project.sources : site.project.destinations }

    var routes: [Route] {
        let path = "\(AirbyteAPI.prefix)/\(kind.section)"
        var routes: [Route] = [
            .get(path, .look) { request, _ in
                let isWanted = AirbyteAPI.isWanted(site.project, request)
                return try AirbyteAPI.page(isWanted ? entries.map(document) : [], request)
            },
            .post(path, .edit) { request, context in try await create(request, context) },
            .get("\(path)/:id", .look) { _, context in Response(json: document(try entry(context))) },
            .patch("\(path)/:id", .edit) { request, context in try await change(request, context, isWhole: false) },
            .put("\(path)/:id", .edit) { request, context in try await change(request, context, isWhole: true) },
            .delete("\(path)/:id", .edit) { _, context in
                try await site.definitions.remove(kind, try entry(context).id(as: kind))
                try await site.noteDefinition("delete", kind, try context.part("id"), context)
                return Response(status: .noContent)
            },
        ]
        if kind == .source {
            routes.append(.get("\(AirbyteAPI.prefix)/streams", .edit) { request, _ in try await streams(request) })
        }
        return routes
    }

    private func entry(_ context: RequestFrame) throws -> ConnectorEntry {
        let id = try AirbyteAPI.id(try context.part("id"), "\(kind.rawValue)Id")
        guard let entry = entries.first(where: { $0.id(as: kind) == id }) else {
            throw Problem.notFound("\(kind.rawValue) '\(id.text)'")
        }
        return entry
    }

    private func document(_ entry: ConnectorEntry) -> JSON {
        let type = Self.type(of: entry.connector)
        var definition = type
        if case .image(let image, _) = entry.connector { definition = AirbyteDefinitions.parts(of: image).repository }
        var config = entry.maskedConfig(as: role).object ?? JSON.Members()
        config["\(kind.rawValue)Type"] = .string(type)
        return .members([
            ("\(kind.rawValue)Id", .string(entry.id(as: kind).text)), ("name", .string(entry.name)),
            ("\(kind.rawValue)Type", .string(type)), ("definitionId", .string(AirbyteAPI.definitionID(kind, definition))),
            ("workspaceId", .string(AirbyteAPI.workspace(of: site.project).text)), ("configuration", .object(config)),
            ("createdAt", entry.origin.createdAtSeconds),
        ])
    }

    /// Airbyte's name of a connector: without where it is from.
    private static func type(of connector: ConnectorReference) -> String {
        switch connector {
        case .builtIn(let name, _):
            ConnectorRegistry.builtIn.specs.first { $0.answers(to: name) }?.name ?? name
        case .command: "exec"
        case .image(let image, _):
            image.split(separator: "/").last.map {
                String($0.prefix { $0 != ":" }).replacing("source-", with: "").replacing("destination-", with: "")
            } ?? image
        }
    }

    // MARK: Changes

    private func create(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        guard let name = body["name"]?.string else { throw missing("name") }
        guard let config = body["configuration"]?.object else { throw missing("configuration") }
        if let workspace = body["workspaceId"]?.string,
            UUID(uuidString: workspace) != AirbyteAPI.workspace(of: site.project)
        {
            throw Problem.notFound("workspace '\(workspace)'")
        }
        let connector = try await connector(config, definition: body["definitionId"]?.string)
        let made = try await site.definitions.create(
            kind, name: name, content: content(connector, config), by: site.author(context), limits: site.limits(context))
        try await site.noteDefinition("create", kind, made.name, context)
        return try answer(made.id)
    }

    private func change(_ request: Request, _ context: RequestFrame, isWhole: Bool) async throws -> Response {
        let entry = try entry(context)
        let body = try await Doorman.json(request, context)
        if isWhole, body["name"]?.string == nil { throw missing("name") }
        if isWhole, body["configuration"]?.object == nil { throw missing("configuration") }
        var config = entry.config.object ?? JSON.Members()
        if let new = body["configuration"]?.object {
            if isWhole { config = JSON.Members() }
            for member in new.entries {
                config[member.key] = SecretMask.restored(member.value, from: entry.config[member.key])
            }
        }
        let made = try await site.definitions.update(
            kind, entry.id(as: kind), name: body["name"]?.string, content: content(entry.connector.json, config),
            by: site.author(context), limits: site.limits(context))
        try await site.noteDefinition("update", kind, made.name, context)
        return try answer(made.id)
    }

    private func answer(_ id: UUID) throws -> Response {
        guard let entry = entries.first(where: { $0.id(as: kind) == id }) else {
            throw Problem.notFound("\(kind.rawValue) '\(id.text)'")
        }
        return Response(json: document(entry))
    }

    /// Which connector a configuration is for: by its type, or by the definition's id.
    private func connector(_ config: JSON.Members, definition: String?) async throws -> JSON {
        if let definition, let connector = try await AirbyteDefinitions(site: site, kind: kind).connector(definition) {
            return connector
        }
        if let type = config["\(kind.rawValue)Type"]?.string { return .string(type) }
        throw Problem(
            .badRequest, "it is not said which connector it is for",
            hint: "give configuration.\(kind.rawValue)Type, such as postgres, or a definitionId that there is")
    }

    /// The entry for leat.yml. Clients send each field of their own version of the connector: one that is not known here and says
    /// nothing (false, null, empty) is left out.
    private func content(_ connector: JSON, _ config: JSON.Members) -> JSON {
        let known = ConnectorRegistry.builtIn.specs.first {
            $0.role == role && $0.answers(to: connector.string ?? "")
        }.map { Set($0.fields.map(\.name)) }
        let entries = config.entries.filter { entry in
            if entry.key == "\(kind.rawValue)Type" { return false }
            guard let known, !known.contains(entry.key) else { return true }
            return ![JSON.null, false, ""].contains(entry.value)
        }
        return ["connector": connector, "config": .object(JSON.Members(entries.map { ($0.key, $0.value) }))]
    }

    private func missing(_ field: String) -> Problem {
        var problem = Problem(.badRequest, "'\(field)' is missing")
        problem.field = field
        return problem
    }

    // MARK: Streams

    private func streams(_ request: Request) async throws -> Response {
        let id = try AirbyteAPI.id(request.fields["sourceId"], "sourceId")
        guard let entry = entries.first(where: { $0.id(as: kind) == id }) else { throw Problem.notFound("source '\(id.text)'") }
        let catalog = try await ProjectConnectors(site.project).discover(entry.name)
        return Response(json: .array(catalog.streams.filter(\.isReadable).map(Self.properties)))
    }

    static func properties(_ stream: DiscoveredStream) -> JSON {
        var modes: [SyncMode] = [.fullRefreshOverwrite, .fullRefreshAppend]
        if !stream.primaryKey.isEmpty { modes.append(.fullRefreshOverwriteDeduped) }
        if stream.supportsIncremental { modes += [.incrementalAppend, .incrementalAppendDeduped] }
        return .members([
            ("streamName", .string(stream.descriptor.name)), ("streamnamespace", .string(stream.descriptor.namespace)),
            ("syncModes", .array(modes.map { .string($0.airbyte) })),
            ("defaultCursorField", .array(stream.defaultCursorField.map { [.string($0)] } ?? [])),
            ("sourceDefinedCursorField", .bool(stream.hasOwnCursor)),
            ("sourceDefinedPrimaryKey", .array(stream.primaryKey.map { [.string($0)] })),
            ("propertyFields", .array(stream.fields.map { [.string($0.name)] })),
        ])
    }
}

extension ConnectorReference {
    /// As leat.yml has it.
    var json: JSON {
        switch self {
        case .builtIn(let name, _): .string(name)
        case .command(let words, _): ["exec": .array(words.map { .string($0) })]
        case .image(let image, _): ["image": .string(image)]
        }
    }
}

extension SyncMode {
    /// The name in Airbyte's API, where deduplicating has another one than in its pages.
    var airbyte: String { self == .incrementalAppendDeduped ? "incremental_deduped_history" : rawValue }

    init?(airbyte name: String) {
        self.init(rawValue: name == "incremental_deduped_history" ? SyncMode.incrementalAppendDeduped.rawValue : name)
    }
}

extension Site {
    /// Notes in the audit log who has made, changed or removed what.
    func noteDefinition(_ action: String, _ kind: Definition.Kind, _ name: String, _ context: RequestFrame) async throws {
        try await store.note(
            AuditEntry(author: author(context), action: "\(action) \(kind.rawValue)", details: ["name": .string(name)]))
    }
}

import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project
import Records

/// Connections as Airbyte's API has them.
struct AirbyteConnections: Sendable {
    let site: Site

    private var project: LeatProject { site.project }

    var routes: [Route] {
        let path = "\(AirbyteAPI.prefix)/connections"
        return [
            .get(path, .look) { request, _ in
                let pauses = try await site.store.pauses()
                let isWanted = AirbyteAPI.isWanted(project, request)
                return try AirbyteAPI.page(isWanted ? project.connections.map { document($0, pauses) } : [], request)
            },
            .post(path, .edit) { request, context in try await create(request, context) },
            .get("\(path)/:id", .look) { _, context in try await answer(try entry(context).id) },
            .patch("\(path)/:id", .edit) { request, context in try await change(request, context) },
            .put("\(path)/:id", .edit) { request, context in try await change(request, context) },
            .delete("\(path)/:id", .edit) { _, context in
                try await site.definitions.remove(.connection, try entry(context).id)
                try await site.noteDefinition("delete", .connection, try context.part("id"), context)
                return Response(status: .noContent)
            },
        ]
    }

    private func entry(_ context: RequestFrame) throws -> ConnectionEntry {
        let id = try AirbyteAPI.id(try context.part("id"), "connectionId")
        guard let entry = project.connections.first(where: { $0.id == id }) else {
            throw Problem.notFound("connection '\(id.text)'")
        }
        return entry
    }

    private func answer(_ id: UUID) async throws -> Response {
        guard let entry = project.connections.first(where: { $0.id == id }) else {
            throw Problem.notFound("connection '\(id.text)'")
        }
        return Response(json: document(entry, try await site.store.pauses()))
    }

    private func document(_ entry: ConnectionEntry, _ pauses: [PipelineID: Bool]) -> JSON {
        func id(_ kind: Definition.Kind, _ name: String) -> JSON {
            let entries = kind == .source ? project.sources : project.destinations
            return .string(entries.first { $0.name == name }?.id(as: kind).text)
        }
        let isPaused = pauses[PipelineID(PipelineDefinition.syncPrefix + entry.name)] ?? false
        return .members([
            ("connectionId", .string(entry.id.text)), ("name", .string(entry.name)), ("sourceId", id(.source, entry.source)),
            ("destinationId", id(.destination, entry.destination)),
            ("workspaceId", .string(AirbyteAPI.workspace(of: project).text)), ("status", isPaused ? "inactive" : "active"),
            ("schedule", AirbyteSchedule.document(entry.schedule)), ("dataResidency", "auto"),
            ("nonBreakingSchemaUpdatesBehavior", .string(Self.policy(entry.schemaChanges))),
            ("namespaceDefinition", .string(entry.namespaceDefinition)), ("namespaceFormat", .string(entry.namespaceFormat)),
            ("prefix", .string(entry.prefix)), ("configurations", ["streams": .array(entry.streams.map(AirbyteStream.document))]),
            ("createdAt", entry.origin.createdAtSeconds), ("tags", []), ("statusReason", .null),
        ])
    }

    /// Airbyte's API knows four; other names stand for one of them.
    private static func policy(_ name: String) -> String {
        switch name {
        case "propagate_all": "propagate_fully"
        case "approve", "manual": "ignore"
        case "disable", "stop", "pause": "disable_connection"
        default: name
        }
    }

    // MARK: Changes

    private func create(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        let source = try name(.source, body["sourceId"])
        let destination = try name(.destination, body["destinationId"])
        var members = JSON.Members([("source", .string(source)), ("destination", .string(destination))])
        try await apply(body, to: &members, source: source)
        let name = body["name"]?.string ?? "\(source) → \(destination)"
        let made = try await site.definitions.create(
            .connection, name: name, content: .object(members), by: site.author(context), limits: site.limits(context))
        try await setStatus(body["status"], of: made.name, context)
        try await site.noteDefinition("create", .connection, made.name, context)
        return try await answer(made.id)
    }

    private func change(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let entry = try entry(context)
        let body = try await Doorman.json(request, context)
        let isStatusOnly = body.object?.keys.allSatisfy { $0 == "status" } ?? true
        // A connection of leat.yml can be paused here like any pipeline.
        if !isStatusOnly {
            guard let old = try await site.definitions.all().first(where: { $0.id == entry.id }), var members = old.content.object
            else {
                throw Problem(
                    .conflict, "the connection '\(entry.name)' stands in \(LeatProject.fileName)", hint: "change it in the file")
            }
            try await apply(body, to: &members, source: entry.source)
            let made = try await site.definitions.update(
                .connection, entry.id, name: body["name"]?.string, content: .object(members), by: site.author(context),
                limits: site.limits(context))
            try await site.noteDefinition("update", .connection, made.name, context)
        }
        try await setStatus(body["status"], of: body["name"]?.string ?? entry.name, context)
        return try await answer(entry.id)
    }

    private func setStatus(_ status: JSON?, of name: String, _ context: RequestFrame) async throws {
        guard let status, !status.isNull else { return }
        guard let word = status.string, ["active", "inactive"].contains(word) else {
            throw Problem(.badRequest, "status cannot be \(status.text())", hint: "it is active or inactive")
        }
        try await site.control(context).setPaused(word == "inactive", of: PipelineID(PipelineDefinition.syncPrefix + name))
    }

    private func name(_ kind: Definition.Kind, _ id: JSON?) throws -> String {
        let id = try AirbyteAPI.id(id?.string, "\(kind.rawValue)Id")
        let entries = kind == .source ? project.sources : project.destinations
        guard let entry = entries.first(where: { $0.id(as: kind) == id }) else {
            throw Problem.notFound("\(kind.rawValue) '\(id.text)'")
        }
        return entry.name
    }

    /// Puts what a document says into an entry for leat.yml.
    private func apply(_ body: JSON, to members: inout JSON.Members, source: String) async throws {
        for (field, key) in [
            ("namespaceDefinition", "namespace_definition"), ("namespaceFormat", "namespace_format"), ("prefix", "prefix"),
            ("nonBreakingSchemaUpdatesBehavior", "non_breaking_schema_updates_behavior"),
        ] {
            if let value = body[field], !value.isNull { members[key] = value }
        }
        if members["namespace_definition"]?.string != "custom_format" { members["namespace_format"] = nil }
        if let schedule = body["schedule"], !schedule.isNull { members["schedule"] = try AirbyteSchedule.content(schedule) }
        if let streams = body["configurations"]?["streams"]?.array, !streams.isEmpty {
            members["streams"] = .array(try streams.map(AirbyteStream.content))
        } else if members["streams"] == nil {
            // As Airbyte does it: all streams, each whole.
            let catalog = try await ProjectConnectors(project).discover(source)
            members["streams"] = .array(
                catalog.streams.filter(\.isReadable).map { stream in
                    var entry = JSON.Members([("name", .string(stream.descriptor.name))])
                    if let namespace = stream.descriptor.namespace { entry["namespace"] = .string(namespace) }
                    return .object(entry)
                })
        }
    }
}

/// Schedules as Airbyte's API has them.
enum AirbyteSchedule {
    static func document(_ schedule: Schedule) -> JSON {
        switch schedule {
        case .manual, .once: ["scheduleType": "manual"]
        case .continuous: ["scheduleType": "basic", "basicTiming": "Every 1 MINUTES"]
        // Airbyte has no calendars.
        case .calendar(let schedule): document(schedule.base)
        case .every(let interval): ["scheduleType": "basic", "basicTiming": .string(timing(interval.length))]
        case .cron(let expressions):
            [
                "scheduleType": "cron",
                "cronExpression": .string(expressions.first.map(quartz) ?? ""),
            ]
        }
    }

    /// `0 0 12 * * ?`, or that with a time zone behind it.
    /// - Throws: `Problem` 400.
    static func content(_ schedule: JSON) throws -> JSON {
        switch schedule["scheduleType"]?.string {
        case "manual": return "manual"
        case "cron":
            guard let text = schedule["cronExpression"]?.string else {
                throw Problem(.badRequest, "schedule.cronExpression is missing")
            }
            var words = text.split(separator: " ").map(String.init)
            var members = JSON.Members()
            if words.count > 6, let zone = words.last, zone == "UTC" || zone.contains("/") {
                members["timezone"] = .string(zone)
                words.removeLast()
            }
            members["cron"] = .string(words.joined(separator: " "))
            members["dialect"] = words.count > 5 ? "quartz" : "standard"
            return .object(members)
        default:
            throw Problem(.badRequest, "schedule.scheduleType is missing or unknown", hint: "it is manual or cron")
        }
    }

    /// A cron expression in Airbyte's dialect: seconds first, Sunday is 1, and one of the two days is open.
    static func quartz(_ schedule: CronSchedule) -> String {
        let zone = schedule.timeZone == .utc ? "" : " \(schedule.timeZone)"
        if schedule.dialect == .quartz { return schedule.expression + zone }
        var words = schedule.expression.split(separator: " ").map(String.init)
        guard words.count == 5 || words.count == 6 else { return schedule.expression + zone }
        words.insert(words.count == 6 ? words.removeLast() : "0", at: 0)
        words[5] = words[5].replacing(/[0-7]/) { match in String(((Int(match.output) ?? 0) % 7) + 1) }
        if words[5] == "*" { words[5] = "?" } else if words[3] == "*" { words[3] = "?" }
        return words.joined(separator: " ") + zone
    }

    private static func timing(_ every: Duration) -> String {
        let minutes = max(1, Int(every.components.seconds) / 60)
        return minutes % 60 == 0 ? "Every \(minutes / 60) HOURS" : "Every \(minutes) MINUTES"
    }
}

/// Configured streams as Airbyte's API has them.
enum AirbyteStream {
    static func document(_ stream: ConnectionEntry.Stream) -> JSON {
        var members: [(String, JSON)] = [
            ("name", .string(stream.name)),
            ("syncMode", .string(SyncMode(rawValue: stream.syncMode)?.airbyte ?? stream.syncMode)),
        ]
        if let namespace = stream.namespace { members.append(("namespace", .string(namespace))) }
        if let cursor = stream.cursorField { members.append(("cursorField", [.string(cursor)])) }
        if !stream.primaryKey.isEmpty { members.append(("primaryKey", .array(stream.primaryKey.map { [.string($0)] }))) }
        if let fields = stream.selectedFields {
            members.append(("selectedFields", .array(fields.map { ["fieldPath": [.string($0)]] })))
        }
        return .members(members)
    }

    /// - Throws: `Problem` 400 for what cannot be said in leat.yml.
    static func content(_ stream: JSON) throws -> JSON {
        guard let name = stream["name"]?.string else { throw Problem(.badRequest, "a stream has no name") }
        var members = JSON.Members([("name", .string(name))])
        if let namespace = stream["namespace"]?.string { members["namespace"] = .string(namespace) }
        if let mode = stream["syncMode"]?.string { members["sync_mode"] = .string(SyncMode(airbyte: mode)?.rawValue ?? mode) }
        func path(_ value: JSON, _ what: String) throws -> JSON {
            let parts = value.array ?? [value]
            guard parts.count == 1, parts[0].string != nil else {
                throw Problem(
                    .badRequest, "\(what) of the stream '\(name)' is no single field",
                    hint: "fields inside of others cannot be named")
            }
            return parts[0]
        }
        if let cursor = stream["cursorField"], !cursor.isNull, cursor != [] {
            members["cursor_field"] = try path(cursor, "cursorField")
        }
        if let key = stream["primaryKey"]?.array, !key.isEmpty {
            members["primary_key"] = .array(try key.map { try path($0, "primaryKey") })
        }
        if let fields = stream["selectedFields"]?.array, !fields.isEmpty {
            members["selected_fields"] = .array(try fields.map { try path($0["fieldPath"] ?? $0, "selectedFields") })
        }
        if let mappers = stream["mappers"]?.array, !mappers.isEmpty {
            members["mappings"] = .array(try mappers.map { try mapping($0, of: name) })
        }
        return .object(members)
    }

    private static func mapping(_ mapper: JSON, of stream: String) throws -> JSON {
        let config = mapper["mapperConfiguration"] ?? .null
        switch mapper["type"]?.string {
        case "hashing":
            let method = config["method"]?.string?.lowercased().replacing("-", with: "") ?? "sha256"
            return ["hash": config["targetField"] ?? .null, "method": .string(method)]
        case "field-renaming":
            return ["rename": config["originalFieldName"] ?? .null, "to": config["newFieldName"] ?? .null]
        default:
            throw Problem(
                .badRequest, "the stream '\(stream)' has the mapper \(mapper["type"]?.text() ?? "without a type")",
                hint: "hashing and field-renaming are there; other mappings stand in \(LeatProject.fileName)")
        }
    }
}

import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Runs of single connections as Airbyte's jobs. A job's id is the microsecond in which it was asked for.
struct AirbyteJobs: Sendable {
    let site: Site

    /// A list of one kind of jobs looks at no more than the newest.
    private static let maximum = 10_000

    private var store: any SchedulingStore { site.store }

    var routes: [Route] {
        let path = "\(AirbyteAPI.prefix)/jobs"
        return [
            .get(path, .look) { request, _ in try await list(request) },
            .post(path, .run) { request, context in try await create(request, context) },
            .get("\(path)/:job", .look) { _, context in Response(json: try await document(try await run(context))) },
            .delete("\(path)/:job", .run) { _, context in try await cancel(context) },
        ]
    }

    private func pipeline(_ connection: ConnectionEntry) -> PipelineID {
        PipelineID(PipelineDefinition.syncPrefix + connection.name)
    }

    private func connection(_ run: RunRecord) -> ConnectionEntry? {
        site.project.connections.first { pipeline($0) == run.id.pipeline }
    }

    private func run(_ context: RequestFrame) async throws -> RunRecord {
        let text = try context.part("job")
        guard let number = Int64(text) else { throw Problem(.badRequest, "'\(text)' is no job's id", hint: "it is a number") }
        let runs = try await store.runs(queuedAt: Timestamp(microseconds: number))
        guard let run = runs.first(where: { connection($0) != nil }) else { throw Problem.notFound("job '\(text)'") }
        return run
    }

    private func document(_ run: RunRecord) async throws -> JSON {
        let totals = try await store.tasks(of: run.id).map(\.result)
        let rows = totals.reduce(0) { $0 + ($1.rows ?? 0) }
        let bytes = totals.reduce(0) { $0 + ($1.bytes ?? 0) }
        return document(run, rows: rows, bytes: bytes)
    }

    private func document(_ run: RunRecord, rows: Int, bytes: Int) -> JSON {
        var members: [(String, JSON)] = [
            ("jobId", .int(Int(run.queuedAt.microseconds))), ("status", .string(Self.status(run.state))),
            ("jobType", .string(Self.type(run))), ("startTime", .string((run.startedAt ?? run.queuedAt).description)),
            ("connectionId", .string(connection(run)?.id.text)),
            ("lastUpdatedAt", .string((run.finishedAt ?? run.startedAt ?? run.queuedAt).description)),
        ]
        if let start = run.startedAt {
            let seconds = Int(((run.finishedAt ?? site.clock.now()) - start).components.seconds)
            members.append(("duration", .string("PT\(max(0, seconds))S")))
        }
        members += [("bytesSynced", .int(bytes)), ("rowsSynced", .int(rows))]
        return .members(members)
    }

    private static func status(_ state: RunState) -> String {
        switch state {
        case .queued: "pending"
        case .running: "running"
        case .success: "succeeded"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }

    /// Tells a reset from a clear, which do the same.
    private static let resetNote = "a reset by Airbyte's API"

    private static func type(_ run: RunRecord) -> String {
        switch SyncAction(parameters: run.parameters) {
        case .sync: "sync"
        case .refresh, .refreshMerge: "refresh"
        case .clear: run.note == resetNote ? "reset" : "clear"
        }
    }

    // MARK: Lists

    private func list(_ request: Request) async throws -> Response {
        let fields = request.fields
        var connections = AirbyteAPI.isWanted(site.project, request) ? site.project.connections : []
        if let text = fields["connectionId"], !text.isEmpty {
            let id = try AirbyteAPI.id(text, "connectionId")
            connections = connections.filter { $0.id == id }
        }
        func moment(_ name: String) throws -> Timestamp? { try AirflowRunFilter.moment(fields[name].map { .string($0) }, name) }
        let page = try AirbytePage(request)
        var query = RunQuery()
        query.pipelines = connections.map(pipeline)
        query.spans = [
            RunQuery.Span(.queuedAt, from: try moment("createdAtStart"), to: try moment("createdAtEnd")),
            RunQuery.Span(.changedAt, from: try moment("updatedAtStart"), to: try moment("updatedAtEnd")),
        ]
        if let status = fields["status"] { query.states = Set(RunState.allCases.filter { Self.status($0) == status }) }
        try Self.sort(&query, by: fields["orderBy"])
        guard let type = fields["jobType"] else {
            (query.limit, query.offset) = (page.limit, page.offset)
            return page.response(try await documents(try await store.runs(query)), of: try await store.count(query))
        }
        // What kind of job a run was, its parameters say, and only they.
        query.limit = Self.maximum
        let runs = try await store.runs(query).filter { Self.type($0) == type }
        return page.response(try await documents(Array(runs[page.range(of: runs.count)])), of: runs.count)
    }

    private func documents(_ runs: [RunRecord]) async throws -> [JSON] {
        var documents: [JSON] = []
        for run in runs { documents.append(try await document(run)) }
        return documents
    }

    /// `updatedAt|DESC`; the newest first where nothing is said.
    private static func sort(_ query: inout RunQuery, by order: String?) throws {
        let parts = (order ?? "createdAt|DESC").split(separator: "|").map(String.init)
        guard let field = parts.first, ["createdAt", "updatedAt"].contains(field) else {
            throw Problem(.badRequest, "orderBy is '\(order ?? "")'", hint: "such as updatedAt|DESC or createdAt|ASC")
        }
        query.key = .moment(field == "createdAt" ? .queuedAt : .changedAt)
        query.isDescending = parts.count < 2 || parts[1].uppercased() != "ASC"
    }

    // MARK: Changes

    private func create(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        let id = try AirbyteAPI.id(body["connectionId"]?.string, "connectionId")
        guard let connection = site.project.connections.first(where: { $0.id == id }) else {
            throw Problem.notFound("connection '\(id.text)'")
        }
        var parameters = SyncAction.clear.parameters
        var note: String?
        switch body["jobType"]?.string {
        case "sync": parameters = SyncAction.sync.parameters
        case "refresh": parameters = SyncAction.refresh.parameters
        case "clear": break
        case "reset": note = Self.resetNote
        default: throw Problem(.badRequest, "jobType is missing or unknown", hint: "it is sync, refresh, reset or clear")
        }
        let pipeline = pipeline(connection)
        // One job of a connection at a time, as Airbyte has it.
        if let open = try await store.runs(of: pipeline, states: [.queued, .running], limit: 1).first {
            throw Problem(
                .conflict, "a job of the connection '\(connection.name)' is \(Self.status(open.state)) already",
                hint: "wait for job \(open.queuedAt.microseconds), or cancel it")
        }
        let run = try await site.control(context).trigger(pipeline, RunRequest(parameters: parameters, note: note))
        return Response(json: document(run, rows: 0, bytes: 0))
    }

    private func cancel(_ context: RequestFrame) async throws -> Response {
        let run = try await run(context)
        guard try await site.control(context).cancel(run.id) else {
            throw Problem(.conflict, "the job is \(Self.status(run.state))", hint: "only a job that goes on can be cancelled")
        }
        return Response(json: try await document(try await store.run(run.id) ?? run))
    }
}

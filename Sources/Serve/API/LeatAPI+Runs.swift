import Documents
import Hummingbird
import Orchestrate
import Project

extension LeatAPI {
    static var runPath: String { "/pipelines/:pipeline/runs/:run" }

    /// Runs: how they stand, ending, repeating and removing them.
    var runRoutes: [Route] {
        let filters = [APIOperation.Query("state", APISchemas.state, "only those in this state")]
        return [
            route(
                .get, "/runs", .look,
                APIOperation(
                    id: "listRuns", summary: "Runs of all pipelines, the newest first", tag: "runs",
                    query: APISchemas.paging + filters, answer: .json(APISchemas.page("Run")))
            ) { request, _ in try await list(nil, request) },
            route(
                .get, "/pipelines/:pipeline/runs", .look,
                APIOperation(
                    id: "listPipelineRuns", summary: "A pipeline's runs, the newest first", tag: "runs",
                    query: APISchemas.paging + filters, answer: .json(APISchemas.page("Run")))
            ) { request, context in try await list(try site.pipeline(context).definition.id, request) },
            route(
                .get, Self.runPath, .look,
                APIOperation(id: "getRun", summary: "A run", tag: "runs", answer: .json(APISchemas.ref("Run")))
            ) { _, context in Self.document(try await site.run(context)) },
            route(
                .delete, Self.runPath, .edit,
                APIOperation(id: "removeRun", summary: "Remove a finished run with its logs", tag: "runs", answer: .none)
            ) { _, context in
                try await site.remove(try await site.run(context), context)
                return .null
            },
            route(
                .post, "\(Self.runPath)/cancel", .run,
                APIOperation(id: "cancelRun", summary: "End a run", tag: "runs", answer: .json(APISchemas.ref("Run")))
            ) { _, context in
                let run = try await site.run(context)
                guard try await site.control(context).cancel(run.id) else {
                    throw Problem(.conflict, "the run has ended: \(run.state.rawValue)")
                }
                return Self.document(try await site.store.run(run.id) ?? run)
            },
            route(
                .post, "\(Self.runPath)/clear", .run,
                APIOperation(
                    id: "clearTasks", summary: "Let tasks run again; or, with dry_run, say which", tag: "runs",
                    body: Self.clearSchema, answer: .json(APISchemas.ref("Affected")))
            ) { request, context in try await clear(request, context) },
        ]
    }

    private static let clearSchema = APISchemas.object(
        [],
        [
            ("tasks", APISchemas.array(APISchemas.text)), ("upstream", APISchemas.flag), ("downstream", APISchemas.flag),
            ("past", APISchemas.flag), ("future", APISchemas.flag), ("only_failed", APISchemas.flag),
            ("dry_run", APISchemas.flag),
        ])

    private func list(_ pipeline: PipelineID?, _ request: Request) async throws -> JSON {
        let (limit, offset) = try Self.range(request)
        let state = try Self.choice(request, "state", RunState.self)
        var query = RunQuery(of: pipeline)
        query.states = state.map { [$0] }
        (query.limit, query.offset) = (limit, offset)
        let runs = try await site.store.runs(query)
        return Self.page(runs.map(Self.document), total: try await site.store.count(query), limit: limit, offset: offset)
    }

    static func document(_ run: RunRecord) -> JSON {
        [
            "pipeline": .string(run.id.pipeline.rawValue), "name": .string(run.id.name), "state": .string(run.state.rawValue),
            "kind": .string(run.kind.rawValue), "logical_date": run.logicalDate.json,
            "interval_start": (run.dataInterval?.start).json, "interval_end": (run.dataInterval?.end).json,
            "queued_at": run.queuedAt.json, "started_at": run.startedAt.json, "finished_at": run.finishedAt.json,
            "parameters": run.parameters, "note": .string(run.note), "reason": .string(run.reason),
        ]
    }

    private func clear(_ request: Request, _ context: RequestFrame) async throws -> JSON {
        let run = try await site.run(context)
        let body = try await Self.body(request, context, Self.clearSchema)
        func flag(_ name: String) -> Bool { body[name]?.bool ?? false }
        let selection = TaskSelection(
            (body["tasks"]?.array ?? []).compactMap { $0.string.map { TaskID($0) } }, upstream: flag("upstream"),
            downstream: flag("downstream"), past: flag("past"), future: flag("future"), onlyFailed: flag("only_failed"))
        let control = site.control(context)
        let graph = try TaskGraph(try await site.pipelines.definition(of: run.id.pipeline.rawValue))
        let affected = try await control.tasks(selection, of: run.id, in: graph)
        if !flag("dry_run") { try await control.clear(affected) }
        return [
            "runs": .array(
                affected.map { ["run": .string($0.run.name), "tasks": .array($0.tasks.map { .string($0.rawValue) })] }),
            "count": .int(affected.reduce(0) { $0 + $1.tasks.count }),
        ]
    }
}

extension Site {
    /// Removes a run with its logs.
    /// - Throws: `Problem` 409 for one under way.
    func remove(_ run: RunRecord, _ context: RequestFrame) async throws {
        guard try await control(context).remove(run.id, logDirectory: ProjectStore.logs(of: project)) else {
            throw Problem(.conflict, "the run '\(run.id)' is under way", hint: "cancel it first")
        }
    }
}

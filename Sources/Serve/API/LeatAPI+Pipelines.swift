import Documents
import Hummingbird
import Orchestrate
import Project

extension LeatAPI {
    private static var pipelinePath: String { "/pipelines/:pipeline" }

    /// Pipelines: what they are, pausing, triggering, filling gaps.
    var pipelineRoutes: [Route] {
        let path = Self.pipelinePath
        return [
            route(
                .get, "/pipelines", .look,
                APIOperation(
                    id: "listPipelines", summary: "All pipelines; those of single connections are called sync.NAME",
                    tag: "pipelines",
                    query: APISchemas.paging + [
                        .init("tag", APISchemas.text, "only those with this tag"),
                        .init("paused", APISchemas.flag, "only those that are paused, or are not"),
                        .init("search", APISchemas.text, "only those with this in their names"),
                    ], answer: .json(APISchemas.page("Pipeline")))
            ) { request, _ in
                let pauses = try await site.store.pauses()
                let isPaused = try Self.flag(request, "paused")
                let fields = request.fields
                let chosen = site.current.pipelines.filter { pipeline in
                    let name = pipeline.definition.id.rawValue
                    return (fields["tag"].map { pipeline.definition.tags.contains($0) } ?? true)
                        && (isPaused.map { $0 == pauses[pipeline.definition.id] ?? pipeline.startsPaused } ?? true)
                        && (fields["search"].map { $0.isEmpty || name.lowercased().contains($0.lowercased()) } ?? true)
                }
                return try Self.page(chosen.map { document($0, pauses) }, request)
            },
            route(
                .get, path, .look,
                APIOperation(
                    id: "getPipeline", summary: "A pipeline", tag: "pipelines", answer: .json(APISchemas.ref("Pipeline")))
            ) { _, context in document(try site.pipeline(context), try await site.store.pauses()) },
            route(
                .patch, path, .run,
                APIOperation(
                    id: "changePipeline", summary: "Pause a pipeline, or let it go on", tag: "pipelines",
                    body: Self.pauseSchema, answer: .json(APISchemas.ref("Pipeline")))
            ) { request, context in
                let pipeline = try site.pipeline(context)
                let body = try await Self.body(request, context, Self.pauseSchema)
                try await site.control(context).setPaused(body["paused"]?.bool ?? false, of: pipeline.definition.id)
                return document(pipeline, try await site.store.pauses())
            },
            route(
                .get, "\(path)/tasks", .look,
                APIOperation(
                    id: "listPipelineTasks", summary: "A pipeline's tasks, each dbt node one of its own", tag: "pipelines",
                    query: APISchemas.paging, answer: .json(APISchemas.page("PipelineTask")))
            ) { request, context in
                let id = try site.pipeline(context).definition.id
                let graph = try TaskGraph(try await site.pipelines.definition(of: id.rawValue))
                func names(_ indices: some Sequence<Int>) -> JSON { .array(indices.map { .string(graph.tasks[$0].id.rawValue) }) }
                let items: [JSON] = graph.tasks.enumerated().map { index, task in
                    [
                        "name": .string(task.id.rawValue), "kind": .string(task.kind),
                        "upstream": .array(task.upstream.map { .string($0.rawValue) }),
                        "downstream": names(graph.downstream[index]), "trigger_rule": .string(task.triggerRule.rawValue),
                        "retries": .int(task.retries.count), "description": .string(task.description),
                    ]
                }
                return try Self.page(items, request)
            },
            route(
                .post, "\(path)/runs", .run,
                APIOperation(
                    id: "triggerRun", summary: "Ask for a run", tag: "runs", body: Self.triggerSchema,
                    answer: .created(APISchemas.ref("Run")))
            ) { request, context in try await trigger(request, context) },
            route(
                .post, "\(path)/backfills", .run,
                APIOperation(
                    id: "backfill", summary: "Ask for runs of all intervals of a span of time; or, with dry_run, say which",
                    tag: "pipelines", body: Self.backfillSchema, answer: .json(APISchemas.ref("Backfill")))
            ) { request, context in try await backfill(request, context) },
        ]
    }

    private static let pauseSchema = APISchemas.object([("paused", APISchemas.flag)])

    private static let triggerSchema = APISchemas.object(
        [],
        [
            ("parameters", APISchemas.record), ("note", ["type": "string", "maxLength": 1000]),
            ("name", ["type": "string", "minLength": 1, "maxLength": 200]), ("logical_date", APISchemas.text),
        ])

    private static let backfillSchema = APISchemas.object(
        [("from", APISchemas.text), ("to", APISchemas.text)],
        [
            ("reprocess", ["enum": .array(BackfillRequest.Reprocess.allCases.map { .string($0.rawValue) })]),
            ("backward", APISchemas.flag), ("max_active_runs", ["type": "integer", "minimum": 1]),
            ("parameters", APISchemas.record),
            ("note", ["type": "string", "maxLength": 1000]), ("dry_run", APISchemas.flag),
        ])

    private func document(_ pipeline: ScheduledPipeline, _ pauses: [PipelineID: Bool]) -> JSON {
        let definition = pipeline.definition
        let next = definition.schedule.nextInterval(
            after: nil, start: definition.startDate, end: definition.endDate, catchup: false, now: site.clock.now())?.end
        return [
            "name": .string(definition.id.rawValue), "description": .string(definition.description),
            "schedule": .string(ScheduleWords.text(definition.schedule)),
            "paused": .bool(pauses[definition.id] ?? pipeline.startsPaused),
            "tags": .array(definition.tags.map { .string($0) }), "owner": .string(definition.owner),
            "max_active_runs": .int(definition.maxActiveRuns), "max_active_tasks": .int(definition.maxActiveTasks),
            "catchup": .bool(definition.catchup), "next_run": next.json,
            "parameters": .object(
                JSON.Members(
                    definition.parameters.map { ($0.name, .members([("default", $0.defaultValue ?? .null)])) })),
        ]
    }

    private static func moment(_ value: JSON?, _ name: String) throws -> Timestamp? {
        guard let text = value?.string else { return nil }
        guard let moment = try? Timestamp(parsing: text) else {
            var problem = Problem(.unprocessableContent, "\(name) is no time", hint: "write it as 2026-11-23T06:00:00Z")
            problem.field = name
            throw problem
        }
        return moment
    }

    private func trigger(_ request: Request, _ context: RequestFrame) async throws -> JSON {
        let pipeline = try site.pipeline(context)
        let body = try await Self.body(request, context, Self.triggerSchema)
        var wanted = RunRequest(parameters: body["parameters"] ?? .object(JSON.Members()), note: body["note"]?.string)
        wanted.logicalDate = try Self.moment(body["logical_date"], "logical_date")
        if let name = body["name"]?.string {
            guard !name.contains(where: { $0 == "/" || $0.isNewline }), !name.hasPrefix(".") else {
                throw Problem(.unprocessableContent, "that cannot be the name of a run", hint: "use letters, digits and -_:.")
            }
            wanted.name = name
            if try await site.store.run(RunID(pipeline: pipeline.definition.id, name: name)) != nil {
                throw Problem(.conflict, "there is a run '\(name)' already", hint: "give another name, or none")
            }
        }
        return Self.document(try await site.control(context).trigger(pipeline.definition, wanted))
    }

    private func backfill(_ request: Request, _ context: RequestFrame) async throws -> JSON {
        let definition = try site.pipeline(context).definition
        let body = try await Self.body(request, context, Self.backfillSchema)
        guard let from = try Self.moment(body["from"], "from"), let to = try Self.moment(body["to"], "to") else {
            throw Problem(.unprocessableContent, "from or to is missing")
        }
        let wanted = BackfillRequest(
            from: from, to: to, reprocess: body["reprocess"]?.string.flatMap(BackfillRequest.Reprocess.init) ?? .missing,
            isBackward: body["backward"]?.bool ?? false, maxActiveRuns: body["max_active_runs"]?.int,
            parameters: body["parameters"] ?? .object(JSON.Members()), note: body["note"]?.string)
        let control = site.control(context)
        let plan = try await control.plan(wanted, of: definition)
        if body["dry_run"]?.bool != true, plan.count > 0 { try await control.start(plan) }
        return [
            "name": .string(plan.name), "count": .int(plan.count),
            "runs": .array(
                plan.runs.prefix(1000).map { run in
                    [
                        "run": .string(run.id.name), "interval_start": run.interval.start.json,
                        "interval_end": run.interval.end.json, "action": .string(run.action.rawValue),
                    ]
                }),
        ]
    }
}

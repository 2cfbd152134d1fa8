import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Tasks of runs as Airflow's task instances: states, tries, outputs, and what people do with them.
struct AirflowTasks: Sendable {
    let site: Site
    let dialect: AirflowDialect

    private var store: any SchedulingStore { site.store }

    var routes: [Route] {
        let dag = "\(dialect.prefix)/dags/:pipeline"
        let path = "\(dag)/dagRuns/:run/taskInstances"
        return [
            .get(path, .look) { request, context in
                if try context.part("run") == Self.all { return try await listAll(request, context) }
                return try await list(request, context)
            },
            .post("\(path)/list", .look) { request, context in try await listBatch(request, context) },
            .get("\(path)/:task", .look) { _, context in
                let (run, task) = try await task(context)
                let attempts = try await store.attempts(of: run.id, task: task.result.id)
                return Response(json: instance(task, attempts.last, of: run, await definitions(of: run)))
            },
            .patch("\(path)/:task", .run) { request, context in try await mark(request, context) },
            .get("\(path)/:task/tries", .look) { _, context in
                let (run, task) = try await task(context)
                let definition = await definitions(of: run)[task.result.id]
                let tries = try await store.attempts(of: run.id, task: task.result.id)
                return Response(
                    json: .members([
                        ("task_instances", .array(tries.map { attempt($0, of: task, run, definition) })),
                        ("total_entries", .int(tries.count)),
                    ]))
            },
            .get("\(path)/:task/xcomEntries", .look) { _, context in
                let (run, task) = try await task(context)
                let entries = task.result.output.isNull ? [] : [output(of: task, run, isText: true)]
                return Response(json: .members([("xcom_entries", .array(entries)), ("total_entries", .int(entries.count))]))
            },
            .get("\(path)/:task/xcomEntries/:key", .look) { _, context in
                let (run, task) = try await task(context)
                let key = try context.part("key")
                guard key == Self.outputKey, !task.result.output.isNull else {
                    throw Problem.notFound("output '\(key)' of that task")
                }
                return Response(json: output(of: task, run, isText: dialect == .v1))
            },
            .post("\(dag)/clearTaskInstances", .run) { request, context in try await clear(request, context) },
        ]
    }

    private static let outputKey = "return_value"

    private func task(_ context: RequestFrame) async throws -> (RunRecord, TaskRecord) {
        let run = try await site.run(context)
        let id = TaskID(try context.part("task"))
        guard let task = try await store.tasks(of: run.id).first(where: { $0.result.id == id }) else {
            throw Problem.notFound("task '\(id)' in the run '\(run.id)'")
        }
        return (run, task)
    }

    private func list(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await site.run(context)
        let list = try AirflowList(request, dialect)
        let states = Set(request.fields.all("state"))
        let definitions = await definitions(of: run)
        let last = Dictionary(try await store.attempts(of: run.id).map { ($0.key.task, $0) }, uniquingKeysWith: { $1 })
        let tasks = try await store.tasks(of: run.id).filter {
            states.isEmpty || states.contains($0.result.state.rawValue)
        }
        return Response(
            json: list.page(tasks.map { instance($0, last[$0.result.id], of: run, definitions) }, as: "task_instances"))
    }

    /// Stands for all pipelines, or all runs.
    private static let all = "~"
    /// Lists over runs look at so many of a pipeline's newest.
    private static let lookedAt = 100

    /// The tasks of all runs of one pipeline, or of all.
    private func listAll(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let list = try AirflowList(request, dialect)
        let states = Set(request.fields.all("state"))
        let pipelines = try context.part("pipeline") == Self.all ? nil : [try site.pipeline(context).definition.id]
        return try await page(of: pipelines, limit: list.limit, offset: list.offset) { _, task in
            states.isEmpty || states.contains(task.result.state.rawValue)
        }
    }

    /// The same, chosen by a document instead of a query.
    private func listBatch(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        func words(_ name: String) -> Set<String>? {
            body[name].flatMap { $0.array?.compactMap(\.string) ?? $0.string.map { [$0] } }.map(Set.init)
        }
        let (runs, tasks, states) = (words("dag_run_ids"), words("task_ids"), words("state"))
        let limit = body["page_limit"]?.int ?? dialect.pageSize
        return try await page(
            of: words("dag_ids")?.sorted().map { PipelineID($0) }, limit: limit, offset: body["page_offset"]?.int ?? 0
        ) { run, task in
            runs?.contains(run.name) ?? true && tasks?.contains(task.result.id.rawValue) ?? true
                && states?.contains(task.result.state.rawValue) ?? true
        }
    }

    /// - Parameter pipelines: nil for all.
    private func page(
        of pipelines: [PipelineID]?, limit: Int, offset: Int, where isMeant: (RunID, TaskRecord) -> Bool
    ) async throws -> Response {
        let pipelines = pipelines ?? site.current.pipelines.map(\.definition.id)
        let runs = Dictionary(
            try await store.latestRuns(of: pipelines, limit: Self.lookedAt).values.flatMap { $0 }.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        let found = try await store.latestTasks(of: pipelines, runs: Self.lookedAt).filter { isMeant($0.run, $0.task) }
        var items: [JSON] = []
        for item in found.dropFirst(max(0, offset)).prefix(limit <= 0 ? AirflowList.maximum : min(limit, AirflowList.maximum)) {
            guard let run = runs[item.run] else { continue }
            let attempt = try await store.attempts(of: run.id, task: item.task.result.id).last
            items.append(instance(item.task, attempt, of: run, await definitions(of: run)))
        }
        return Response(json: .members([("task_instances", .array(items)), ("total_entries", .int(found.count))]))
    }

    private func mark(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let (run, task) = try await task(context)
        let body = try await Doorman.json(request, context)
        guard let state = body["new_state"]?.string.flatMap(TaskState.init(rawValue:)),
            [.success, .failed, .skipped].contains(state)
        else { throw Problem(.unprocessableContent, "new_state is missing or unknown", hint: "one of success, failed, skipped") }
        // The first API asks before it acts unless told otherwise.
        let isDryRun = body["dry_run"]?.bool ?? (dialect == .v1)
        if !isDryRun {
            _ = try await site.control(context).mark([task.result.id], of: run.id, as: state)
        }
        switch dialect {
        case .v1: return Response(json: reference(task.result.id, of: run))
        case .v2:
            let (run, task) = try await self.task(context)
            return Response(
                json: .members([
                    ("task_instances", .array([instance(task, nil, of: run, await definitions(of: run))])),
                    ("total_entries", .int(1)),
                ]))
        }
    }

    /// Clears tasks of one run, or of all runs in a span of logical dates.
    private func clear(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try site.pipeline(context).definition.id
        let body = try await Doorman.json(request, context)
        func flag(_ name: String, _ standard: Bool) -> Bool { body[name]?.bool ?? standard }
        let selection = TaskSelection(
            (body["task_ids"]?.array ?? []).compactMap { $0.string ?? $0.array?.first?.string }.map { TaskID($0) },
            upstream: flag("include_upstream", false), downstream: flag("include_downstream", false),
            past: flag("include_past", false), future: flag("include_future", false), onlyFailed: flag("only_failed", true))
        let graph = try TaskGraph(try await site.pipelines.definition(of: pipeline.rawValue))
        let control = site.control(context)
        var affected: [AffectedTasks] = []
        for run in try await runs(of: pipeline, body) { affected += try await control.tasks(selection, of: run, in: graph) }
        if !flag("dry_run", true) { try await control.clear(affected) }
        var items: [JSON] = []
        for group in affected {
            guard let run = try await store.run(group.run) else { continue }
            switch dialect {
            case .v1: items += group.tasks.map { reference($0, of: run) }
            case .v2:
                let definitions = await definitions(of: run)
                items += try await store.tasks(of: run.id).filter { group.tasks.contains($0.result.id) }
                    .map { instance($0, nil, of: run, definitions) }
            }
        }
        return Response(json: .members([("task_instances", .array(items)), ("total_entries", .int(items.count))]))
    }

    private func runs(of pipeline: PipelineID, _ body: JSON) async throws -> [RunID] {
        if let name = body["dag_run_id"]?.string {
            let id = RunID(pipeline: pipeline, name: name)
            guard try await store.run(id) != nil else { throw Problem.notFound("run '\(id)'") }
            return [id]
        }
        let first = try AirflowRunFilter.moment(body["start_date"], "start_date")
        let last = try AirflowRunFilter.moment(body["end_date"], "end_date")
        guard first != nil || last != nil else {
            throw Problem(.badRequest, "it is not said of which runs", hint: "give dag_run_id, or start_date and end_date")
        }
        let span = (first ?? Timestamp(microseconds: .min))...(last ?? Timestamp(microseconds: .max))
        return try await store.runs(of: pipeline, logicalDates: span).map(\.id)
    }

    private func reference(_ task: TaskID, of run: RunRecord) -> JSON {
        .members([
            ("task_id", .string(task.rawValue)), ("dag_id", .string(run.id.pipeline.rawValue)),
            ("dag_run_id", .string(run.id.name)), ("execution_date", (run.logicalDate ?? run.queuedAt).airflow),
        ])
    }

    private func output(of task: TaskRecord, _ run: RunRecord, isText: Bool) -> JSON {
        .members([
            ("key", .string(Self.outputKey)), ("timestamp", (task.result.finishedAt ?? run.queuedAt).airflow),
            ("execution_date", (run.logicalDate ?? run.queuedAt).airflow), ("logical_date", run.logicalDate.airflow),
            ("run_after", (run.dueAt ?? run.queuedAt).airflow), ("task_id", .string(task.result.id.rawValue)),
            ("task_display_name", .string(task.result.id.rawValue)), ("dag_id", .string(run.id.pipeline.rawValue)),
            ("dag_display_name", .string(run.id.pipeline.rawValue)), ("run_id", .string(run.id.name)), ("map_index", .int(-1)),
            ("value", isText ? .string(task.result.output.text()) : task.result.output),
        ])
    }

    /// The tasks of a run's pipeline as its files have them now; empty where the pipeline has gone or is wrong.
    func definitions(of run: RunRecord) async -> [TaskID: TaskDefinition] {
        let tasks = try? await site.pipelines.definition(of: run.id.pipeline.rawValue).tasks
        return Dictionary((tasks ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A task with its last try.
    func instance(
        _ task: TaskRecord, _ attempt: AttemptRecord?, of run: RunRecord, _ definitions: [TaskID: TaskDefinition]
    ) -> JSON {
        let result = task.result
        return instance(
            task, run, definitions[result.id], state: result.state, number: result.attempts, queuedAt: attempt?.queuedAt,
            startedAt: result.startedAt,
            finishedAt: result.finishedAt)
    }

    private func attempt(
        _ attempt: AttemptRecord, of task: TaskRecord, _ run: RunRecord, _ definition: TaskDefinition?
    ) -> JSON {
        instance(
            task, run, definition, state: attempt.state, number: attempt.key.number, queuedAt: attempt.queuedAt,
            startedAt: attempt.startedAt, finishedAt: attempt.finishedAt)
    }

    private func instance(
        _ task: TaskRecord, _ run: RunRecord, _ definition: TaskDefinition?, state: TaskState, number: Int, queuedAt: Timestamp?,
        startedAt: Timestamp?,
        finishedAt: Timestamp?
    ) -> JSON {
        let logical = run.logicalDate ?? (dialect == .v1 ? run.queuedAt : nil)
        let duration = startedAt.flatMap { start in finishedAt.map { ($0 - start).secondsValue } }
        let name = JSON.string(task.result.id.rawValue)
        let dag = JSON.string(run.id.pipeline.rawValue)
        var members: [(String, JSON)] = [
            ("task_id", name), ("dag_id", dag), ("dag_run_id", .string(run.id.name)), ("logical_date", logical.airflow),
            ("start_date", startedAt.airflow), ("end_date", finishedAt.airflow),
            ("duration", duration.map { .double($0) } ?? .null),
            ("state", state.airflow(dialect)), ("try_number", .int(number)), ("map_index", .int(-1)),
            ("max_tries", .int(definition?.retries.count ?? 0)),
            ("hostname", .string("")), ("unixname", .string("")),
            ("pool", .string(definition?.claims.first?.pool ?? "default_pool")),
            ("pool_slots", .int(definition?.claims.first?.slots ?? 1)),
            ("queue", .string("default")), ("priority_weight", .int(definition?.priority ?? 0)), ("operator", .string(task.kind)),
            ("queued_when", queuedAt.airflow), ("pid", .null), ("executor_config", .string("{}")), ("note", .null),
            ("rendered_fields", .object(JSON.Members())),
        ]
        switch dialect {
        case .v1: members.append(("execution_date", logical.airflow))
        case .v2:
            members += [
                ("id", .string(Self.identifier("\(run.id)/\(task.result.id.rawValue)/\(number)"))), ("task_display_name", name),
                ("dag_display_name", dag),
                ("run_after", (run.dueAt ?? run.queuedAt).airflow), ("operator_name", .string(task.kind)), ("executor", .null),
                ("scheduled_when", queuedAt.airflow), ("rendered_map_index", .null), ("dag_version", .null),
            ]
        }
        return .members(members)
    }

    /// A UUID (version 8) that is always the same for the same text.
    private static func identifier(_ text: String) -> String {
        var digits = Array(SecretText.hash(text).utf8.prefix(32))
        digits[12] = UInt8(ascii: "8")
        digits[16] = UInt8(ascii: "8")
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        return parts.joined(separator: "-")
    }
}

import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Pipelines as Airflow's DAGs.
struct AirflowDags: Sendable {
    let site: Site
    let dialect: AirflowDialect

    var routes: [Route] {
        [
            .get("\(dialect.prefix)/dags", .look) { request, context in try await list(request, context) },
            .patch("\(dialect.prefix)/dags", .run) { request, context in try await pauseMany(request, context) },
            .get("\(dialect.prefix)/dags/:pipeline", .look) { _, context in
                let pipeline = try site.pipeline(context)
                return Response(json: .members(dag(pipeline, try await site.store.pauses())))
            },
            .patch("\(dialect.prefix)/dags/:pipeline", .run) { request, context in try await pause(request, context) },
            .delete("\(dialect.prefix)/dags/:pipeline", .edit) { _, context in
                let id = try site.pipeline(context).definition.id
                throw Problem(
                    .conflict, "the pipeline '\(id)' stands in the project's files",
                    hint: "take it out of leat.yml, and it is gone here too")
            },
            .get("\(dialect.prefix)/dags/:pipeline/details", .look) { _, context in try await details(context) },
            .get("\(dialect.prefix)/dags/:pipeline/tasks", .look) { request, context in
                let graph = try await graph(context)
                let list = try AirflowList(request, dialect)
                return Response(json: list.page(graph.tasks.indices.map { task($0, in: graph) }, as: "tasks"))
            },
            .get("\(dialect.prefix)/dags/:pipeline/tasks/:task", .look) { _, context in
                let graph = try await graph(context)
                let id = TaskID(try context.part("task"))
                guard let index = graph.index(of: id) else { throw Problem.notFound("task '\(id)'") }
                return Response(json: task(index, in: graph))
            },
        ]
    }

    private func graph(_ context: RequestFrame) async throws -> TaskGraph {
        let pipeline = try site.pipeline(context)
        return try TaskGraph(try await site.pipelines.definition(of: pipeline.definition.id.rawValue))
    }

    private func list(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let list = try AirflowList(request, dialect)
        let dags = try await chosen(by: request.fields)
        return Response(json: list.page(dags.map { .members($0) }, as: "dags"))
    }

    /// The DAGs that the filters of a query leave.
    private func chosen(by fields: FormFields) async throws -> [[(String, JSON)]] {
        let pauses = try await site.store.pauses()
        let tags = Set(fields.all("tags"))
        let paused = fields["paused"].flatMap { Bool($0.lowercased()) }
        let pattern = (fields["dag_id_pattern"] ?? "").replacing("%", with: "").lowercased()
        return site.current.pipelines.filter { pipeline in
            let isPaused = pauses[pipeline.definition.id] ?? pipeline.startsPaused
            return (tags.isEmpty || !tags.isDisjoint(with: pipeline.definition.tags)) && (paused == nil || paused == isPaused)
                && (pattern.isEmpty || pattern == "~" || pipeline.definition.id.rawValue.lowercased().contains(pattern))
        }.map { dag($0, pauses) }
    }

    private func isPaused(in body: JSON) throws -> Bool {
        guard let isPaused = body["is_paused"]?.bool else {
            throw Problem(
                .unprocessableContent, "is_paused is missing", hint: "only is_paused can be changed here: {\"is_paused\": true}")
        }
        return isPaused
    }

    private func pause(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try site.pipeline(context)
        let isPaused = try isPaused(in: try await Doorman.json(request, context))
        try await site.control(context).setPaused(isPaused, of: pipeline.definition.id)
        return Response(json: .members(dag(pipeline, try await site.store.pauses())))
    }

    private func pauseMany(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let isPaused = try isPaused(in: try await Doorman.json(request, context))
        for dag in try await chosen(by: request.fields) {
            guard let id = dag.first?.1.string else { continue }
            try await site.control(context).setPaused(isPaused, of: PipelineID(id))
        }
        return try await list(request, context)
    }

    private func dag(_ pipeline: ScheduledPipeline, _ pauses: [PipelineID: Bool]) -> [(String, JSON)] {
        let definition = pipeline.definition
        let next = definition.schedule.nextInterval(
            after: nil, start: definition.startDate, end: definition.endDate, catchup: false, now: site.clock.now())
        // The interval that is under way is the one that the next run works on.
        let interval = next.flatMap { first in
            first.end > site.clock.now()
                ? first : definition.schedule.next(after: first.end).map { DataInterval(start: first.end, end: $0) }
        }
        let file = LeatProject.fileName
        var members: [(String, JSON)] = [
            ("dag_id", .string(definition.id.rawValue)), ("dag_display_name", .string(definition.id.rawValue)),
            ("description", .string(definition.description)), ("fileloc", .string(file)), ("file_token", .string(file)),
            ("is_paused", .bool(pauses[definition.id] ?? pipeline.startsPaused)),
            ("owners", .array([.string(definition.owner ?? "leat")])),
            ("tags", .array(definition.tags.map { tag($0, of: definition.id) })),
            ("max_active_tasks", .int(definition.maxActiveTasks)), ("max_active_runs", .int(definition.maxActiveRuns)),
            ("has_task_concurrency_limits", .bool(definition.tasks.contains { !$0.claims.isEmpty })),
            ("has_import_errors", .bool(false)), ("last_parsed_time", .null), ("last_expired", .null),
            ("timetable_description", .string(ScheduleWords.text(definition))),
            ("next_dagrun_data_interval_start", (interval?.start).airflow),
            ("next_dagrun_data_interval_end", (interval?.end).airflow),
        ]
        switch dialect {
        case .v1:
            members += [
                ("root_dag_id", .null), ("is_active", .bool(true)), ("is_subdag", .bool(false)), ("last_pickled", .null),
                ("scheduler_lock", .null), ("pickle_id", .null), ("default_view", .string("grid")),
                ("schedule_interval", definition.schedule.airflowInterval), ("next_dagrun", (interval?.start).airflow),
                ("next_dagrun_create_after", (interval?.end).airflow),
            ]
        case .v2:
            members += [
                ("is_stale", .bool(false)), ("is_backfillable", .bool(definition.schedule.isTimed)),
                ("max_consecutive_failed_dag_runs", .int(0)), ("bundle_name", .string("leat")), ("bundle_version", .null),
                ("relative_fileloc", .string(file)), ("next_dagrun_logical_date", (interval?.start).airflow),
                ("next_dagrun_run_after", (interval?.end).airflow),
                ("timetable_summary", .string(ScheduleWords.text(definition))), ("timetable_partitioned", .bool(false)),
                ("timetable_periodic", .bool(definition.schedule.isTimed)),
            ]
        }
        return members
    }

    private func tag(_ name: String, of pipeline: PipelineID) -> JSON {
        switch dialect {
        case .v1: ["name": .string(name)]
        case .v2:
            ["name": .string(name), "dag_id": .string(pipeline.rawValue), "dag_display_name": .string(pipeline.rawValue)]
        }
    }

    private func details(_ context: RequestFrame) async throws -> Response {
        let pipeline = try site.pipeline(context)
        let definition = pipeline.definition
        var members = dag(pipeline, try await site.store.pauses())
        members += [
            ("catchup", .bool(definition.catchup)), ("concurrency", .int(definition.maxActiveTasks)),
            ("timezone", .string("UTC")), ("start_date", definition.startDate.airflow), ("end_date", definition.endDate.airflow),
            ("doc_md", .string(definition.description)), ("params", .object(JSON.Members())),
            ("is_paused_upon_creation", .bool(pipeline.startsPaused)), ("render_template_as_native_obj", .bool(false)),
            ("template_search_path", dialect == .v1 ? .null : .array([])), ("last_parsed", .null),
        ]
        switch dialect {
        case .v1:
            members.append(("orientation", .string("LR")))
            if let timeout = definition.timeout { members.append(("dag_run_timeout", timeout.airflow)) }
        case .v2:
            members += [
                ("dag_run_timeout", .string(definition.timeout.map { "PT\($0.components.seconds)S" })),
                ("default_args", .object(JSON.Members())), ("owner_links", .object(JSON.Members())),
                ("asset_expression", .null), ("latest_dag_version", .null),
            ]
        }
        return Response(json: .members(members))
    }

    private func task(_ index: Int, in graph: TaskGraph) -> JSON {
        let task = graph.tasks[index]
        var members: [(String, JSON)] = [
            ("task_id", .string(task.id.rawValue)), ("task_display_name", .string(task.id.rawValue)),
            ("owner", .string(graph.definition.owner ?? "leat")), ("operator_name", .string(task.kind)),
            ("class_ref", ["class_name": .string(task.kind), "module_path": "leat"]),
            ("trigger_rule", .string(task.triggerRule.rawValue)), ("depends_on_past", .bool(task.dependsOnPast)),
            ("wait_for_downstream", .bool(false)), ("is_mapped", .bool(false)), ("retries", .int(task.retries.count)),
            ("retry_delay", task.retries.delay.airflow),
            (
                "retry_exponential_backoff",
                dialect == .v1 ? .bool(task.retries.backoff > 1) : .double(task.retries.backoff)
            ),
            ("execution_timeout", task.timeout?.airflow ?? .null), ("priority_weight", .int(task.priority)),
            ("weight_rule", .string("absolute")), ("queue", .null), ("pool", .string(task.claims.first?.pool ?? "default_pool")),
            ("pool_slots", .int(task.claims.first?.slots ?? 1)), ("ui_color", .string("#ffffff")),
            ("ui_fgcolor", .string("#000000")),
            ("template_fields", .array([])), ("extra_links", .array([])), ("doc_md", .string(task.description)),
            ("params", .object(JSON.Members())), ("end_date", .null),
            ("downstream_task_ids", .array(graph.downstream[index].map { .string(graph.tasks[$0].id.rawValue) })),
        ]
        if let start = graph.definition.startDate { members.append(("start_date", start.airflow)) }
        return .members(members)
    }
}

extension Schedule {
    /// The schedule as the first API has it: an object that names its type, or null.
    var airflowInterval: JSON {
        switch self {
        case .cron(let expressions):
            .members([("__type", "CronExpression"), ("value", .string(expressions.map { "\($0)" }.joined(separator: " | ")))])
        case .calendar(let schedule): schedule.base.airflowInterval
        case .every: .members([("__type", "CronExpression"), ("value", .string(ScheduleWords.text(self)))])
        case .manual, .once, .continuous: .null
        }
    }
}

extension Duration {
    /// A time span as Airflow writes one.
    var airflow: JSON {
        let seconds = Int(components.seconds)
        return .members([
            ("__type", "TimeDelta"), ("days", .int(seconds / 86_400)), ("seconds", .int(seconds % 86_400)),
            ("microseconds", .int(Int(components.attoseconds / 1_000_000_000_000))),
        ])
    }
}

import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Runs as Airflow's DAG runs.
struct AirflowRuns: Sendable {
    let site: Site
    let dialect: AirflowDialect

    private static let path = "/dags/:pipeline/dagRuns"
    /// Stands for all pipelines.
    private static let all = "~"

    var routes: [Route] {
        let path = dialect.prefix + Self.path
        return [
            .get(path, .look) { request, context in try await list(request, context) },
            .post(path, .run) { request, context in try await trigger(request, context) },
            .post("\(path)/list", .look) { request, context in try await listBatch(request, context) },
            .get("\(path)/:run", .look) { _, context in Response(json: run(try await site.run(context))) },
            .patch("\(path)/:run", .run) { request, context in try await change(request, context) },
            .delete("\(path)/:run", .edit) { _, context in
                try await site.remove(try await site.run(context), context)
                return Response(status: .noContent)
            },
            .post("\(path)/:run/clear", .run) { request, context in try await clear(request, context) },
        ]
    }

    private func list(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let list = try AirflowList(request, dialect)
        var query = try AirflowRunFilter.query(request.fields, list)
        let name = try context.part("pipeline")
        if name != Self.all { query.pipelines = [try site.pipeline(context).definition.id] }
        return try await page(query)
    }

    private func page(_ query: RunQuery) async throws -> Response {
        let runs = try await store.runs(query)
        return Response(
            json: .members([("dag_runs", .array(runs.map(run))), ("total_entries", .int(try await store.count(query)))]))
    }

    /// The runs of several pipelines, chosen by a document instead of a query.
    private func listBatch(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        var query = try AirflowRunFilter.query(body, dialect)
        query.pipelines = body["dag_ids"]?.array?.compactMap(\.string).map { PipelineID($0) }
        return try await page(query)
    }

    private var store: any SchedulingStore { site.store }

    private func trigger(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try site.pipeline(context)
        let body = try await Doorman.json(request, context)
        var wanted = RunRequest(kind: .manual)
        wanted.name = body["dag_run_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        wanted.note = body["note"]?.string.map { String($0.prefix(1000)) }
        if let conf = body["conf"], !conf.isNull {
            guard conf.object != nil else {
                throw Problem(.unprocessableContent, "conf is no object", hint: "for example {\"day\": \"2026-11-23\"}")
            }
            wanted.parameters = conf
        }
        wanted.logicalDate = try AirflowRunFilter.moment(body["logical_date"] ?? body["execution_date"], "logical_date")
        if let start = try AirflowRunFilter.moment(body["data_interval_start"], "data_interval_start"),
            let end = try AirflowRunFilter.moment(body["data_interval_end"], "data_interval_end")
        {
            wanted.dataInterval = DataInterval(start: start, end: end)
        }
        let id = RunID(pipeline: pipeline.definition.id, name: wanted.runName(at: site.clock.now()))
        if try await store.run(id) != nil {
            throw Problem(.conflict, "there is a run '\(id)' already", hint: "give another dag_run_id, or none")
        }
        wanted.name = id.name
        return Response(json: run(try await site.control(context).trigger(pipeline.definition.id, wanted)))
    }

    private func change(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let record = try await site.run(context)
        let body = try await Doorman.json(request, context)
        let control = site.control(context)
        let tasks = try await store.tasks(of: record.id)
        switch body["state"]?.string {
        case "queued"?: try await control.clear([AffectedTasks(run: record.id, tasks: tasks.map(\.result.id))])
        case "success"?:
            let open = tasks.filter { $0.result.state != .success && $0.result.state != .skipped }.map(\.result.id)
            if open.isEmpty { break }
            _ = try await control.mark(open, of: record.id, as: .success)
        case "failed"?:
            if record.state.isFinished {
                _ = try await control.mark(tasks.suffix(1).map(\.result.id), of: record.id, as: .failed)
            } else {
                _ = try await control.cancel(record.id, reason: "marked as failed by \(control.author)")
            }
        default:
            throw Problem(.unprocessableContent, "state is missing or unknown", hint: "one of queued, success, failed")
        }
        return Response(json: run(try await store.run(record.id) ?? record))
    }

    private func clear(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let record = try await site.run(context)
        let body = try await Doorman.json(request, context)
        let onlyFailed = body["only_failed"]?.bool ?? false
        let tasks = try await store.tasks(of: record.id).filter { !onlyFailed || $0.result.state.isFailure }
        guard body["dry_run"]?.bool == false else {
            let instances = AirflowTasks(site: site, dialect: dialect)
            let definitions = await instances.definitions(of: record)
            return Response(
                json: .members([
                    ("task_instances", .array(tasks.map { instances.instance($0, nil, of: record, definitions) })),
                    ("total_entries", .int(tasks.count)),
                ]))
        }
        try await site.control(context).clear([AffectedTasks(run: record.id, tasks: tasks.map(\.result.id))])
        return Response(json: run(try await store.run(record.id) ?? record))
    }

    func run(_ record: RunRecord) -> JSON {
        let logical = record.logicalDate ?? (dialect == .v1 ? record.queuedAt : nil)
        var members: [(String, JSON)] = [
            ("dag_id", .string(record.id.pipeline.rawValue)), ("dag_run_id", .string(record.id.name)),
            ("logical_date", logical.airflow), ("start_date", record.startedAt.airflow), ("end_date", record.finishedAt.airflow),
            ("data_interval_start", (record.dataInterval?.start).airflow),
            ("data_interval_end", (record.dataInterval?.end).airflow), ("last_scheduling_decision", record.startedAt.airflow),
            ("run_type", .string(record.kind.airflow(dialect))), ("state", .string(record.state.airflow)),
            ("conf", record.parameters.object == nil ? .object(JSON.Members()) : record.parameters),
            ("note", .string(record.note)),
        ]
        switch dialect {
        case .v1:
            members += [("execution_date", logical.airflow), ("external_trigger", .bool(record.kind == .manual))]
        case .v2:
            let duration = record.startedAt.flatMap { start in record.finishedAt.map { ($0 - start).secondsValue } }
            members += [
                ("dag_display_name", .string(record.id.pipeline.rawValue)), ("dag_versions", .array([])),
                ("bundle_version", .null),
                ("queued_at", record.queuedAt.airflow), ("run_after", (record.dueAt ?? record.queuedAt).airflow),
                ("duration", duration.map { .double($0) } ?? .null), ("triggered_by", .null), ("triggering_user_name", .null),
            ]
        }
        return .members(members)
    }
}

extension RunKind {
    /// What the first API calls runs that data have set off.
    fileprivate func airflow(_ dialect: AirflowDialect) -> String {
        self == .triggered && dialect == .v1 ? "dataset_triggered" : rawValue
    }
}

extension Duration {
    var secondsValue: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

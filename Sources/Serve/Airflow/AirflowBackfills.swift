import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Backfills as Airflow 3 asks for them. Leat keeps a backfill as its runs, so it is asked for here, and its runs are looked at.
struct AirflowBackfills: Sendable {
    let site: Site

    var routes: [Route] {
        let path = "\(AirflowDialect.v2.prefix)/backfills"
        return [
            .post(path, .run) { request, context in
                let (plan, pipeline) = try await plan(request, context)
                if plan.count > 0 { try await site.control(context).start(plan) }
                return Response(json: document(plan, pipeline))
            },
            .post("\(path)/dry_run", .run) { request, context in
                let (plan, _) = try await plan(request, context)
                let runs = plan.runs.filter { $0.action != .none }
                return Response(
                    json: [
                        "backfills": .array(runs.map { .members([("logical_date", $0.interval.start.airflow)]) }),
                        "total_entries": .int(runs.count),
                    ])
            },
        ]
    }

    private func plan(_ request: Request, _ context: RequestFrame) async throws -> (BackfillPlan, PipelineID) {
        let body = try await Doorman.json(request, context)
        guard let name = body["dag_id"]?.string,
            let pipeline = site.current.pipelines.first(where: { $0.definition.id.rawValue == name })
        else { throw Problem.notFound("pipeline '\(body["dag_id"]?.string ?? "")'") }
        guard let from = try AirflowRunFilter.moment(body["from_date"], "from_date"),
            let to = try AirflowRunFilter.moment(body["to_date"], "to_date")
        else { throw Problem(.unprocessableContent, "from_date or to_date is missing") }
        let reprocess: BackfillRequest.Reprocess =
            switch body["reprocess_behavior"]?.string {
            case "failed": .failed
            case "completed": .all
            default: .missing
            }
        let wanted = BackfillRequest(
            from: from, to: to, reprocess: reprocess, isBackward: body["run_backwards"]?.bool ?? false,
            maxActiveRuns: body["max_active_runs"]?.int,
            parameters: body["dag_run_conf"]?.object == nil
                ? .object(JSON.Members()) : body["dag_run_conf"] ?? .null)
        return (try await site.control(context).plan(wanted, of: pipeline.definition), pipeline.definition.id)
    }

    private func document(_ plan: BackfillPlan, _ pipeline: PipelineID) -> JSON {
        let now = site.clock.now()
        let behaviour =
            switch plan.backfill.reprocess {
            case .missing: "none"
            case .failed: "failed"
            case .all: "completed"
            }
        return .members([
            ("id", .int(Int(now.seconds))), ("dag_id", .string(pipeline.rawValue)),
            ("dag_display_name", .string(pipeline.rawValue)),
            ("from_date", plan.backfill.from.airflow), ("to_date", plan.backfill.to.airflow),
            ("dag_run_conf", plan.backfill.parameters), ("is_paused", .bool(false)), ("reprocess_behavior", .string(behaviour)),
            ("max_active_runs", .int(plan.backfill.maxActiveRuns ?? 0)), ("created_at", now.airflow), ("updated_at", now.airflow),
            ("completed_at", plan.count == 0 ? now.airflow : .null),
        ])
    }
}

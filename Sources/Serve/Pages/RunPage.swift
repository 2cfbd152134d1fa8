import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// The list of runs, a run's views, and what can be done with it.
    var runRoutes: [Route] {
        [
            .get("/runs", .look) { request, context in try await runList(request, context) },
            .get("/pipelines/:pipeline/runs/:run", .look) { request, context in try await runPage(request, context) },
            .post("/pipelines/:pipeline/runs/:run/cancel", .run) { request, context in
                try await act(request, context) { run in _ = try await control(context).cancel(run.id) }
            },
            .get("/pipelines/:pipeline/runs/:run/note", .run) { request, context in
                let values = ["run": try await run(context).value(now: clock.now())]
                return try pages.page("note.html", values, for: request, context, section: "Runs")
            },
            .post("/pipelines/:pipeline/runs/:run/note", .run) { request, context in
                let run = try await run(context)
                let form = try await Doorman.form(request, context)
                let note = (form["note"] ?? "").trimmingSpaces
                try await control(context).setNote(note.isEmpty ? nil : String(note.prefix(2000)), of: run.id)
                return .seeOther(Paths.run(run.id))
            },
        ]
    }

    /// The run that the path names.
    func run(_ context: RequestFrame) async throws -> RunRecord {
        let id = RunID(pipeline: PipelineID(try context.part("pipeline")), name: try context.part("run"))
        guard let run = try await store.run(id) else { throw Problem.notFound("run '\(id)'") }
        return run
    }

    private func act(
        _ request: Request, _ context: RequestFrame, _ body: (RunRecord) async throws -> Void
    ) async throws -> Response {
        let run = try await run(context)
        _ = try await Doorman.form(request, context)
        try await body(run)
        return .seeOther(Paths.run(run.id))
    }

    private func runList(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let fields = request.fields
        let state = fields["state"].flatMap { RunState(rawValue: $0) }
        let pipeline = fields["pipeline"].flatMap { $0.isEmpty ? nil : $0 }
        let limit = min(max(fields["limit"].flatMap { Int($0) } ?? 50, 1), 2000)
        let runs = try await store.runs(of: pipeline.map { PipelineID($0) }, states: state.map { [$0] }, limit: limit + 1)
        var more: Value = .none
        if runs.count > limit {
            let query = [
                state.map { "state=\($0.rawValue)" }, pipeline.map { "pipeline=\(FormFields.encode($0))" }, "limit=\(limit * 2)",
            ].compactMap { $0 }.joined(separator: "&")
            more = .string("/runs?\(query)")
        }
        let values: [String: Value] = [
            "runs": Value(runs.prefix(limit).map { $0.value(now: now) }), "states": Value(RunState.allCases.map(\.rawValue)),
            "names": Value(current.pipelines.map(\.definition.id.rawValue)), "chosen": Value(state?.rawValue),
            "pipeline": Value(pipeline),
            "more": more,
        ]
        return try pages.page("runs.html", values, for: request, context, section: "Runs", live: true)
    }

    private static var runViews: [String] { ["Tasks", "Graph", "Gantt"] }

    private func runPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await run(context)
        let now = clock.now()
        let view = Self.runViews.first { $0.lowercased() == request.fields["view"] } ?? "Tasks"
        let tasks = try await store.tasks(of: run.id)
        var values: [String: Value] = [
            "run": run.value(now: now), "view": .string(view), "tabs": Value(Self.runViews),
            "tasks": Value(tasks.map { $0.value(of: run.id, now: now) }), "counts": Self.counts(tasks), "drawing": "",
        ]
        switch view {
        case "Graph":
            let states = Dictionary(tasks.map { ($0.result.id, $0.result.state) }, uniquingKeysWith: { first, _ in first })
            let definition = try await pipelines.definition(of: run.id.pipeline.rawValue)
            let folds = TaskGraphChart.Folds(path: "\(Paths.run(run.id))?view=graph", text: request.fields["fold"])
            let chart = try TaskGraphChart(definition, states: states, run: run.id, folds: folds)
            values["drawing"] = .markup(chart.chart().svg())
            values["groups"] = Self.value(chart.openGroups)
        case "Gantt": values["drawing"] = .markup(try await gantt(of: run, now: now).svg())
        default: break
        }
        return try pages.page("run.html", values, for: request, context, section: "Runs", live: true)
    }

    /// How many tasks stand in each state.
    private static func counts(_ tasks: [TaskRecord]) -> Value {
        Value(
            TaskState.allCases.compactMap { state -> Value? in
                let count = tasks.count { $0.result.state == state }
                guard count > 0 else { return nil }
                return Value([
                    "state": .string(state.rawValue), "number": .int(count),
                    "text": .string("\(count) \(state.rawValue.replacing("_", with: " "))"),
                ])
            })
    }

    /// A run's tries along time, in the order in which they began.
    func gantt(of run: RunRecord, now: Timestamp) async throws -> GanttChart {
        let attempts = try await store.attempts(of: run.id)
        return GanttChart(
            bars: attempts.sorted { $0.queuedAt < $1.queuedAt }.map { attempt in
                GanttChart.Bar(
                    task: attempt.key.task, path: "\(Paths.task(attempt.key.task, of: run.id))?attempt=\(attempt.key.number)",
                    attempt: attempt.key.number, state: attempt.state, queuedAt: attempt.queuedAt, startedAt: attempt.startedAt,
                    finishedAt: attempt.finishedAt)
            }, start: run.startedAt ?? run.queuedAt, now: now)
    }
}

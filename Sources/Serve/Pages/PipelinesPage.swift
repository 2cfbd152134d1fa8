import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// The list of pipelines, a pipeline's four views, and what can be done with it.
    var pipelineRoutes: [Route] {
        [
            .get("/pipelines", .look) { request, context in try await pipelineList(request, context) },
            .get("/pipelines/:pipeline", .look) { request, context in try await pipelinePage(request, context) },
            .post("/pipelines/:pipeline/pause", .run) { request, context in try await setPaused(true, request, context) },
            .post("/pipelines/:pipeline/unpause", .run) { request, context in try await setPaused(false, request, context) },
        ]
    }

    /// The pipeline that the path names.
    func pipeline(_ context: RequestFrame) throws -> ScheduledPipeline {
        let name = try context.part("pipeline")
        guard let pipeline = current.pipelines.first(where: { $0.definition.id.rawValue == name }) else {
            throw Problem.notFound("pipeline '\(name)'")
        }
        return pipeline
    }

    private func pipelineList(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let pauses = try await store.pauses()
        let latest = try await store.latestRuns(of: current.pipelines.map(\.definition.id), limit: RunBars.count)
        var items: [Value] = []
        for (index, pipeline) in current.pipelines.enumerated() {
            let id = pipeline.definition.id
            let runs = latest[id] ?? []
            var item = facts(of: pipeline, pauses, now: now)
            item["anchor"] = .string("pipeline-\(index)")
            item["bars"] = .markup(RunBars(runs: runs, now: now).svg())
            item["last"] = runs.first?.value(now: now) ?? Value.none
            items.append(Value(item))
        }
        return try pages.page(
            "pipelines.html", ["pipelines": Value(items)], for: request, context, section: "Pipelines", live: true)
    }

    func facts(of pipeline: ScheduledPipeline, _ pauses: [PipelineID: Bool], now: Timestamp) -> [String: Value] {
        let definition = pipeline.definition
        let id = definition.id
        return [
            "name": .string(id.rawValue), "path": .string(Paths.pipeline(id)), "description": Value(definition.description),
            "schedule": .string(ScheduleWords.text(definition)), "tags": Value(definition.tags),
            "owner": Value(definition.owner), "paused": .bool(pauses[id] ?? pipeline.startsPaused),
            "next": Moment.value(definition.schedule.next(after: now), now: now),
        ]
    }

    private static var views: [String] { ["Grid", "Graph", "Gantt", "Calendar", "Runs"] }

    private func pipelinePage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try pipeline(context)
        let now = clock.now()
        let view = Self.views.first { $0.lowercased() == request.fields["view"] } ?? "Grid"
        let id = pipeline.definition.id
        let runs = try await store.runs(of: id, states: nil, limit: view == "Runs" ? 100 : view == "Calendar" ? 0 : 20)
        var values: [String: Value] = [
            "pipeline": Value(facts(of: pipeline, try await store.pauses(), now: now)), "view": .string(view),
            "tabs": Value(Self.views),
            "drawing": "", "runs": .none, "timed": .bool(pipeline.definition.schedule.next(after: now) != nil),
        ]
        switch view {
        case "Calendar":
            let days = try await store.runDays(of: id, since: now - .seconds(CalendarChart.weeks * 7 * 86_400))
            values["drawing"] = .markup(CalendarChart(days: days, now: now).svg())
        case "Runs": values["runs"] = Value(runs.map { $0.value(now: now) })
        case "Gantt":
            guard let run = runs.first else { break }
            values["notice"] = .string("The newest run, \(run.id.name)")
            values["drawing"] = .markup(try await gantt(of: run, now: now).svg())
        case "Graph":
            let definition = try await pipelines.definition(of: id.rawValue)
            let states = try await runs.first.asyncMap { try await self.states(of: $0.id) } ?? [:]
            let folds = TaskGraphChart.Folds(path: "\(Paths.pipeline(id))?view=graph", text: request.fields["fold"])
            let chart = try TaskGraphChart(definition, states: states, run: runs.first?.id, folds: folds)
            values["drawing"] = .markup(chart.chart().svg())
            values["groups"] = Self.value(chart.openGroups)
        default:
            values["drawing"] = .markup(try await grid(of: runs, now: now).html())
        }
        return try pages.page("pipeline.html", values, for: request, context, section: "Pipelines", live: true)
    }

    /// The groups of a graph that can be folded.
    static func value(_ groups: [(name: String, path: String)]) -> Value {
        Value(groups.map { Value(["name": .string($0.name), "path": .string($0.path)]) })
    }

    /// How the tasks of a run stand.
    func states(of run: RunID) async throws -> [TaskID: TaskState] {
        Dictionary(
            try await store.tasks(of: run).map { ($0.result.id, $0.result.state) }, uniquingKeysWith: { first, _ in first })
    }

    private func grid(of runs: [RunRecord], now: Timestamp) async throws -> RunGrid {
        var rows: [RunGrid.Row] = []
        var columns: [RunGrid.Column] = []
        let latest = try await store.latestTasks(of: runs.first.map { [$0.id.pipeline] } ?? [], runs: runs.count)
        let tasksByRun = Dictionary(grouping: latest, by: \.run).mapValues { $0.map(\.task) }
        for (index, run) in runs.enumerated() {
            let tasks = tasksByRun[run.id] ?? []
            if index == 0 { rows = tasks.map { RunGrid.Row(task: $0.result.id, group: $0.group?.rawValue) } }
            columns.append(
                RunGrid.Column(
                    run: run,
                    states: Dictionary(tasks.map { ($0.result.id, $0.result.state) }, uniquingKeysWith: { first, _ in first })))
        }
        return RunGrid(rows: rows, columns: columns.reversed(), now: now)
    }

    private func setPaused(_ isPaused: Bool, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try pipeline(context)
        let form = try await Doorman.form(request, context)
        try await control(context).setPaused(isPaused, of: pipeline.definition.id)
        return .seeOther(form["back"].map { Paths.local($0) } ?? Paths.pipeline(pipeline.definition.id))
    }
}

extension Optional {
    /// `map` with a body that waits.
    func asyncMap<T>(_ body: (Wrapped) async throws -> T) async rethrows -> T? {
        guard let self else { return nil }
        return try await body(self)
    }
}

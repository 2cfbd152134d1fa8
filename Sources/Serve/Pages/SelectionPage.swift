import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Running tasks again and marking them: which ones is chosen first, and how many they are is said before anything happens.
    var selectionRoutes: [Route] {
        [
            .get("/pipelines/:pipeline/runs/:run/clear", .run) { request, context in
                try await selectionPage(.clear, request, context)
            },
            .post("/pipelines/:pipeline/runs/:run/clear", .run) { request, context in
                try await act(.clear, request, context)
            },
            .get("/pipelines/:pipeline/runs/:run/mark", .run) { request, context in
                try await selectionPage(.mark, request, context)
            },
            .post("/pipelines/:pipeline/runs/:run/mark", .run) { request, context in try await act(.mark, request, context) },
        ]
    }

    private enum Deed: String { case clear, mark }

    private static var toggles: [(name: String, title: String, keyPath: WritableKeyPath<TaskSelection, Bool>)] {
        [
            ("upstream", "what comes before", \.upstream), ("downstream", "what comes after", \.downstream),
            ("past", "runs of earlier dates", \.past), ("future", "runs of later dates", \.future),
            ("failed", "but only what failed", \.onlyFailed),
        ]
    }

    private func selection(_ fields: FormFields) -> TaskSelection {
        var selection = TaskSelection(fields.all("task").filter { !$0.isEmpty }.map { TaskID($0) })
        for toggle in Self.toggles { selection[keyPath: toggle.keyPath] = fields[toggle.name] != nil }
        return selection
    }

    private func graph(of run: RunRecord) async throws -> TaskGraph {
        try TaskGraph(try await pipelines.definition(of: run.id.pipeline.rawValue))
    }

    private func selectionPage(_ deed: Deed, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await run(context)
        let fields = request.fields
        let selection = selection(fields)
        let graph = try await graph(of: run)
        let affected = try await control(context).tasks(selection, of: run.id, in: graph)
        let shown = try await shown(affected)
        let state = Self.state(fields)
        let names = selection.names.map(\.rawValue)
        let path = "\(Paths.run(run.id))/\(deed.rawValue)"
        var chosen = names.map { ("task", $0) }
        for toggle in Self.toggles where selection[keyPath: toggle.keyPath] { chosen.append((toggle.name, "on")) }
        if deed == .mark { chosen.append(("state", state.rawValue)) }
        let values: [String: Value] = [
            "run": run.value(now: clock.now()), "path": .string(path), "marks": .bool(deed == .mark),
            "title": .string(deed == .mark ? "Mark tasks" : "Run tasks again"), "as": .string(state.rawValue),
            "choices": Value(choices(names, graph)),
            "options": Value(
                Self.toggles.map { toggle in
                    let isOfRuns = ["past", "future"].contains(toggle.name)
                    return Value([
                        "name": .string(toggle.name), "title": .string(toggle.title),
                        "on": .bool(selection[keyPath: toggle.keyPath]),
                        "impossible": Value(isOfRuns && run.logicalDate == nil ? "this run stands for no date" : nil),
                    ])
                }),
            "count": .int(affected.reduce(0) { $0 + $1.tasks.count }), "tasks": Value(shown.tasks),
            "running": .int(shown.running), "only_failed": .bool(selection.onlyFailed),
            "runs": Value(affected.filter { !$0.tasks.isEmpty }.map(\.run.name)),
            "chosen": Value(chosen.map { Value(["name": .string($0.0), "value": .string($0.1)]) }),
            "back": .string(
                names.count == 1 && graph.index(of: TaskID(names[0])) != nil
                    ? Paths.task(TaskID(names[0]), of: run.id) : Paths.run(run.id)),
        ]
        return try pages.page("selection.html", values, for: request, context, section: "Runs")
    }

    /// All tasks, each group, and the tasks that are chosen.
    private func choices(_ names: [String], _ graph: TaskGraph) -> [Value] {
        var groups: [String] = []
        for task in graph.tasks { if let group = task.group?.rawValue, !groups.contains(group) { groups.append(group) } }
        var all = [("", "all tasks")] + groups.map { ($0, "group \($0)") }
        for name in names where !groups.contains(name) { all.append((name, name)) }
        return all.map { value, title in
            Value([
                "value": .string(value), "title": .string(title),
                "chosen": .bool(names.isEmpty ? value.isEmpty : names.contains(value)),
            ])
        }
    }

    /// The first of the tasks with their states, and how many of all are under way.
    private func shown(_ affected: [AffectedTasks]) async throws -> (tasks: [Value], running: Int) {
        var shown: [Value] = []
        var running = 0
        for run in affected where !run.tasks.isEmpty {
            let states = try await states(of: run.run)
            for task in run.tasks {
                let state = states[task] ?? .none
                if state == .running || state == .queued { running += 1 }
                guard shown.count < 40 else { continue }
                shown.append(
                    Value([
                        "name": .string(task.rawValue), "run": .string(run.run.name), "state": .string(state.rawValue),
                    ]))
            }
        }
        return (shown, running)
    }

    private static func state(_ fields: FormFields) -> TaskState {
        let state = fields["state"].flatMap { TaskState(rawValue: $0) } ?? .success
        return [.success, .failed, .skipped].contains(state) ? state : .success
    }

    private func act(_ deed: Deed, _ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await run(context)
        let form = try await Doorman.form(request, context)
        let control = control(context)
        let affected = try await control.tasks(selection(form), of: run.id, in: try await graph(of: run))
        guard affected.contains(where: { !$0.tasks.isEmpty }) else {
            throw Problem(.unprocessableContent, "the selection has no tasks", hint: "choose others")
        }
        switch deed {
        case .clear: try await control.clear(affected)
        case .mark:
            for part in affected where !part.tasks.isEmpty {
                _ = try await control.mark(part.tasks, of: part.run, as: Self.state(form))
            }
        }
        return .seeOther(Paths.run(run.id))
    }
}

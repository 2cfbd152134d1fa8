import Orchestrate

/// A pipeline's graph with the states of a run: a model and its tests are one card, which shows the worst of them.
struct TaskGraphChart {
    private let definition: PipelineDefinition
    private let states: [TaskID: TaskState]
    private let run: RunID?

    init(_ definition: PipelineDefinition, states: [TaskID: TaskState], run: RunID?) {
        self.definition = definition
        self.states = states
        self.run = run
    }

    func chart() -> GraphChart {
        let folds = self.folds
        var order: [String] = []
        var members: [String: [TaskDefinition]] = [:]
        for task in definition.tasks {
            let name = folds[task.id] ?? task.id.rawValue
            if members[name] == nil { order.append(name) }
            members[name, default: []].append(task)
        }
        let index = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        return GraphChart(
            cards: order.map { card($0, members[$0] ?? []) }, edges: edges(folds, index), label: "tasks of \(definition.id)")
    }

    /// The card of each task that shares one: the innermost group, where that holds a node and its tests.
    private var folds: [TaskID: String] {
        var folds: [TaskID: String] = [:]
        let outermost = Set(definition.groups.map(\.id))
        for task in definition.tasks {
            guard let group = task.group, !outermost.contains(group) else { continue }
            folds[task.id] = group.rawValue
        }
        return folds
    }

    private func edges(_ folds: [TaskID: String], _ index: [String: Int]) -> [(from: Int, to: Int)] {
        var seen: Set<[Int]> = []
        var edges: [(from: Int, to: Int)] = []
        func add(_ from: TaskID, _ to: TaskID) {
            guard let a = index[folds[from] ?? from.rawValue], let b = index[folds[to] ?? to.rawValue], a != b,
                seen.insert([a, b]).inserted
            else { return }
            edges.append((a, b))
        }
        let groups = Dictionary(grouping: definition.tasks.filter { $0.group != nil }) { $0.group?.rawValue ?? "" }
        for task in definition.tasks {
            for upstream in task.upstream {
                // A group stands for the tasks that end it.
                if let ends = ends(of: upstream.rawValue, groups) {
                    for end in ends { add(end, task.id) }
                } else {
                    add(upstream, task.id)
                }
            }
        }
        for group in definition.groups {
            guard let begins = begins(of: group.id.rawValue, groups) else { continue }
            for upstream in group.upstream {
                for end in ends(of: upstream.rawValue, groups) ?? [upstream] {
                    for begin in begins { add(end, begin) }
                }
            }
        }
        return edges
    }

    private func inside(_ group: String, _ groups: [String: [TaskDefinition]]) -> [TaskDefinition]? {
        let tasks = groups.filter { $0.key == group || $0.key.hasPrefix(group + ".") }.values.flatMap { $0 }
        return tasks.isEmpty ? nil : tasks
    }

    private func ends(of group: String, _ groups: [String: [TaskDefinition]]) -> [TaskID]? {
        guard let tasks = inside(group, groups) else { return nil }
        let waited = Set(tasks.flatMap(\.upstream))
        return tasks.filter { !waited.contains($0.id) }.map(\.id)
    }

    private func begins(of group: String, _ groups: [String: [TaskDefinition]]) -> [TaskID]? {
        guard let tasks = inside(group, groups) else { return nil }
        let ids = Set(tasks.map(\.id))
        return tasks.filter { ids.isDisjoint(with: $0.upstream) }.map(\.id)
    }

    /// The worse a state is the earlier it stands.
    private static let severity: [TaskState] = [
        .failed, .upstreamFailed, .running, .upForRetry, .queued, .scheduled, .none, .skipped, .removed, .success,
    ]

    private func card(_ name: String, _ tasks: [TaskDefinition]) -> GraphChart.Card {
        let known = tasks.map { states[$0.id] ?? .none }
        let worst = Self.severity.first { known.contains($0) } ?? .none
        let tests = tasks.count { $0.kind == "test" }
        let main = tasks.first { $0.kind != "test" } ?? tasks[0]
        let kind = tests > 0 && tasks.count > tests ? "\(main.kind), \(tests) test\(tests == 1 ? "" : "s")" : main.kind
        let shown = tasks.first { states[$0.id] == worst } ?? main
        let path = run.map { Paths.task(shown.id, of: $0) } ?? Paths.pipeline(definition.id)
        return GraphChart.Card(
            title: name.split(separator: ".").last.map(String.init) ?? name, subtitle: kind, path: path, state: worst.rawValue,
            hint: "\(name): \(worst.rawValue)")
    }
}

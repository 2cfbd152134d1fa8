import Orchestrate

/// A pipeline's graph with the states of a run: a model and its tests are one card, which shows the worst of them.
struct TaskGraphChart {
    private let graph: TaskGraph
    private let states: [TaskID: TaskState]
    private let run: RunID?

    /// - Throws: what is wrong with the definition.
    init(_ definition: PipelineDefinition, states: [TaskID: TaskState], run: RunID?) throws {
        graph = try TaskGraph(definition)
        self.states = states
        self.run = run
    }

    private var definition: PipelineDefinition { graph.definition }

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
        func card(_ task: Int) -> Int? {
            let id = graph.tasks[task].id
            return index[folds[id] ?? id.rawValue]
        }
        var seen: Set<[Int]> = []
        var edges: [(from: Int, to: Int)] = []
        for (task, sources) in graph.upstream.enumerated() {
            for source in sources {
                guard let from = card(source), let to = card(task), from != to, seen.insert([from, to]).inserted else { continue }
                edges.append((from, to))
            }
        }
        return edges
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

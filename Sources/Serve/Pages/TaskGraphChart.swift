import Orchestrate

/// A pipeline's graph with the states of a run. Groups fold: a folded one is one card, which shows the worst of its tasks.
///
/// At first the outermost groups are open and those within are folded: a model and its tests are one card.
struct TaskGraphChart {
    /// Which groups differ from how they stand at first.
    struct Folds {
        var toggled: Set<String> = []
        /// The page that the graph is on, up to the list of groups.
        var path: String

        /// The page with one group more, or one less, that differs.
        func toggling(_ group: String) -> String {
            let names = toggled.symmetricDifference([group]).sorted()
            return names.isEmpty ? path : "\(path)&fold=\(names.map(FormFields.encode).joined(separator: ","))"
        }

        /// - Parameter text: what the query says: names with commas between them.
        init(path: String, text: String?) {
            self.path = path
            toggled = Set((text ?? "").split(separator: ",").map(String.init))
        }
    }

    private let graph: TaskGraph
    private let states: [TaskID: TaskState]
    private let run: RunID?
    private let folds: Folds

    /// - Throws: what is wrong with the definition.
    init(_ definition: PipelineDefinition, states: [TaskID: TaskState], run: RunID?, folds: Folds) throws {
        graph = try TaskGraph(definition)
        self.states = states
        self.run = run
        self.folds = folds
    }

    private var definition: PipelineDefinition { graph.definition }

    func chart() -> GraphChart {
        let names = graph.tasks.map { folded(for: $0) }
        var order: [String] = []
        var members: [String: [TaskDefinition]] = [:]
        for (task, name) in zip(graph.tasks, names) {
            let name = name ?? task.id.rawValue
            if members[name] == nil { order.append(name) }
            members[name, default: []].append(task)
        }
        let index = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let groups = Set(names.compactMap { $0 })
        return GraphChart(
            cards: order.map { card($0, members[$0] ?? [], isGroup: groups.contains($0)) }, edges: edges(names, index),
            label: "tasks of \(definition.id)")
    }

    /// The groups that are open, outermost first, each with the page on which it is folded.
    var openGroups: [(name: String, path: String)] {
        allGroups.filter { !isFolded($0) && !parents(of: $0).contains(where: isFolded) }.map { ($0, folds.toggling($0)) }
    }

    /// All groups, also those that only hold other groups.
    private var allGroups: [String] {
        var names: [String] = []
        var seen: Set<String> = []
        for group in graph.tasks.compactMap(\.group?.rawValue) {
            for name in parents(of: group) + [group] where seen.insert(name).inserted { names.append(name) }
        }
        return names
    }

    /// The groups around a group: those whose names it begins with.
    private func parents(of group: String) -> [String] {
        let parts = group.split(separator: ".")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: ".") }.filter(known.contains)
    }

    /// The groups that are defined or hold tasks.
    private var known: Set<String> {
        Set(definition.groups.map(\.id.rawValue)).union(graph.tasks.compactMap(\.group?.rawValue))
    }

    private func isFolded(_ group: String) -> Bool { !parents(of: group).isEmpty != folds.toggled.contains(group) }

    /// The outermost folded group that a task is in; nil where it is a card of its own.
    private func folded(for task: TaskDefinition) -> String? {
        guard let group = task.group?.rawValue else { return nil }
        return (parents(of: group) + [group]).first(where: isFolded)
    }

    private func edges(_ names: [String?], _ index: [String: Int]) -> [(from: Int, to: Int)] {
        let cards = names.enumerated().map { task, name in index[name ?? graph.tasks[task].id.rawValue] }
        var seen: Set<[Int]> = []
        var edges: [(from: Int, to: Int)] = []
        for (task, sources) in graph.upstream.enumerated() {
            for source in sources {
                guard let from = cards[source], let to = cards[task], from != to, seen.insert([from, to]).inserted else {
                    continue
                }
                edges.append((from, to))
            }
        }
        return edges
    }

    /// The worse a state is the earlier it stands.
    private static let severity: [TaskState] = [
        .failed, .upstreamFailed, .running, .upForRetry, .queued, .scheduled, .none, .skipped, .removed, .success,
    ]

    private func card(_ name: String, _ tasks: [TaskDefinition], isGroup: Bool) -> GraphChart.Card {
        let known = tasks.map { states[$0.id] ?? .none }
        let worst = Self.severity.first { known.contains($0) } ?? .none
        let tests = tasks.count { $0.kind == "test" }
        let main = tasks.first { $0.kind != "test" } ?? tasks[0]
        // A node with its tests is known by the node; other groups by how many tasks they hold.
        let isNode = tasks.count - tests == 1
        let kind =
            isNode && tests > 0
            ? "\(main.kind), \(tests) test\(tests == 1 ? "" : "s")" : isGroup ? "group of \(tasks.count) tasks" : main.kind
        let shown = tasks.first { states[$0.id] == worst } ?? main
        let path = run.map { Paths.task(shown.id, of: $0) } ?? Paths.pipeline(definition.id)
        return GraphChart.Card(
            title: name.split(separator: ".").last.map(String.init) ?? name, subtitle: kind,
            path: isGroup && !isNode ? folds.toggling(name) : path, state: worst.rawValue,
            hint: "\(name): \(worst.rawValue)", unfold: isGroup && tasks.count > 1 ? folds.toggling(name) : nil)
    }
}

import Diagnostics
import Documents
import Orchestrate

/// Makes the engine's pipeline of an entry in leat.yml: each task becomes one, and a dbt task a group with a task for
/// every seed, snapshot, model and test.
struct PipelineBuilder {
    let entry: PipelineEntry
    /// The graph of each dbt task, by the task's name.
    let dbtGraphs: [String: DbtTaskGraph]

    private let scope: TaskScope

    init(entry: PipelineEntry, dbtGraphs: [String: DbtTaskGraph]) {
        self.entry = entry
        self.dbtGraphs = dbtGraphs
        scope = TaskScope(Set(entry.allTasks.map(\.path)))
    }

    /// - Throws: `DocumentError` or `ProjectError` at the key that is wrong.
    func pipeline() throws -> PipelineDefinition {
        PipelineDefinition(
            id: PipelineID(entry.name), tasks: try entry.allTasks.flatMap { try tasks(of: $0.task, at: $0.path) },
            groups: try entry.allTasks.compactMap { try group(of: $0.task, at: $0.path) },
            maxActiveTasks: entry.maxActiveTasks, maxActiveRuns: entry.maxActiveRuns, failFast: entry.failFast,
            timeout: entry.timeout, deadline: entry.deadline, schedule: entry.schedule, data: entry.data,
            startDate: entry.startDate, endDate: entry.endDate, catchup: entry.catchup,
            parameters: entry.parameters, owner: entry.owner, tags: entry.tags,
            description: entry.description, location: entry.location)
    }

    private func tasks(of task: TaskEntry, at path: String) throws -> [TaskDefinition] {
        switch task.kind {
        case .empty: [try definition(task, at: path, kind: "empty", work: .empty)]
        case .sync(let connection, _): [try definition(task, at: path, kind: "sync", work: .sync(connection: connection))]
        case .dbt: try dbtTasks(of: task, at: path)
        case .group: []
        case .sql: [try definition(task, at: path, kind: "sql", work: .entry(path))]
        case .command: [try definition(task, at: path, kind: "command", work: .entry(path))]
        case .http: [try definition(task, at: path, kind: "http", work: .entry(path))]
        case .container: [try definition(task, at: path, kind: "container", work: .entry(path))]
        case .pipeline: [try definition(task, at: path, kind: "pipeline", work: .entry(path))]
        case .branch: [try definition(task, at: path, kind: "branch", work: .entry(path))]
        case .shortCircuit: [try definition(task, at: path, kind: "short_circuit", work: .entry(path))]
        case .wait: [try definition(task, at: path, kind: "wait_for", work: .entry(path))]
        }
    }

    private func definition(_ task: TaskEntry, at path: String, kind: String, work: TaskWork) throws -> TaskDefinition {
        var definition = TaskDefinition(
            id: TaskID(path), group: GroupID(path).parent, upstream: upstream(of: task, at: path),
            triggerRule: try triggerRule(of: task), retries: task.retries, timeout: try duration(task.timeout),
            deadline: try duration(task.deadline), kind: kind, work: work.json, description: task.description,
            location: task.location)
        add(task, to: &definition)
        if task.kind.isWaiting {
            definition.isWaiting = true
            // Pools are for work.
            definition.claims = task.concurrencyKey.map { [.key($0)] } ?? []
        }
        definition.isDurable = task.runsInPod || task.runsInContainer
        definition.isSetup = task.isSetup
        definition.isTeardown = task.isTeardown
        return definition
    }

    private func upstream(of task: TaskEntry, at path: String) -> [TaskID] {
        task.after.map { TaskID(scope.resolve($0.name, from: path) ?? $0.name) }
    }

    /// What limits when a task may start.
    private func add(_ task: TaskEntry, to definition: inout TaskDefinition) {
        definition.priority = task.priority
        definition.dependsOnPast = task.dependsOnPast
        definition.outlets = task.outlets
        if let pool = task.pool { definition.claims.append(SlotClaim(pool: pool.name, slots: pool.slots)) }
        if let key = task.concurrencyKey { definition.claims.append(.key(key)) }
    }

    /// A dbt task is a group: what it waits for, all of it waits for.
    private func group(of task: TaskEntry, at path: String) throws -> TaskGroupDefinition? {
        switch task.kind {
        case .dbt, .group: break
        default: return nil
        }
        guard task.triggerRule == nil else {
            throw ProjectError(
                .badTask, "'\(task.name)' is a group of tasks and cannot have a trigger rule of its own",
                location: task.triggerRule?.location,
                hint: "put a task with `empty: true` and the trigger rule before it")
        }
        return TaskGroupDefinition(
            id: GroupID(path), upstream: upstream(of: task, at: path), retries: task.settings.groupRetries ?? .none,
            location: task.location)
    }

    private func dbtTasks(of task: TaskEntry, at path: String) throws -> [TaskDefinition] {
        guard let graph = dbtGraphs[path] else { return [] }
        let ids = taskIDs(of: graph, in: path)
        let timeout = try duration(task.timeout)
        let deadline = try duration(task.deadline)
        var tasks = graph.nodes.compactMap { node -> TaskDefinition? in
            guard let id = ids[node.id] else { return nil }
            var definition = TaskDefinition(
                id: id.task, group: id.group, upstream: node.upstream.compactMap { ids[$0]?.task },
                retries: task.retries, timeout: timeout, deadline: deadline, kind: node.kind,
                work: TaskWork.dbt(task: path, node: node.id).json, description: node.description,
                location: task.location)
            add(task, to: &definition)
            definition.isDurable = task.runsInPod
            return definition
        }
        if graph.hasClosingHooks {
            tasks.append(
                TaskDefinition(
                    id: TaskID("\(path).on_run_end"), group: GroupID(path), upstream: tasks.map(\.id),
                    triggerRule: .allDone, timeout: timeout, deadline: deadline, isDurable: task.runsInPod, isTeardown: true,
                    kind: "hook",
                    work: TaskWork.dbtClosing(task: path).json, location: task.location))
        }
        return tasks
    }

    /// A node with tests of its own is a group, with the node and its tests in it; a node without is a task.
    private func taskIDs(
        of graph: DbtTaskGraph, in name: String
    ) -> [String: (task: TaskID, group: GroupID)] {
        let tested = Set(graph.nodes.compactMap(\.testedNode))
        let names = Dictionary(graph.nodes.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        var ids: [String: (task: TaskID, group: GroupID)] = [:]
        for node in graph.nodes {
            if let parent = node.testedNode.flatMap({ names[$0] }) {
                ids[node.id] = (TaskID("\(name).\(parent).\(node.name)"), GroupID("\(name).\(parent)"))
            } else if tested.contains(node.id) {
                ids[node.id] = (TaskID("\(name).\(node.name).\(verb(for: node))"), GroupID("\(name).\(node.name)"))
            } else {
                ids[node.id] = (TaskID("\(name).\(node.name)"), GroupID(name))
            }
        }
        return ids
    }

    /// What cosmos calls the task of a node inside the node's group.
    private func verb(for node: DbtTaskGraph.Node) -> String {
        node.kind == "model" ? "run" : node.kind
    }

    private func triggerRule(of task: TaskEntry) throws -> TriggerRule {
        guard let (name, location) = task.triggerRule else { return .allSuccess }
        if let rule = TriggerRule(rawValue: name) { return rule }
        let names = TriggerRule.allCases.map(\.rawValue)
        throw ProjectError(
            .badTask, "there is no trigger rule '\(name)'", location: location,
            hint: Suggestion.hint(for: name, in: names) ?? "there are: \(names.joined(separator: ", "))")
    }

    private func duration(_ value: (text: String, location: SourceLocation)?) throws -> Duration? {
        guard let value else { return nil }
        do {
            return try Duration(parsing: value.text)
        } catch {
            throw ProjectError(.badValue, error.message, location: value.location, hint: error.hint)
        }
    }
}

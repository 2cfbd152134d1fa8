import Diagnostics
import Documents
import Orchestrate

/// Makes the engine's pipeline of an entry in leat.yml: each task becomes one, and a dbt task a group with a task for
/// every seed, snapshot, model and test.
struct PipelineBuilder {
    let entry: PipelineEntry
    /// The graph of each dbt task, by the task's name.
    let dbtGraphs: [String: DbtTaskGraph]

    /// - Throws: `DocumentError` or `ProjectError` at the key that is wrong.
    func pipeline() throws -> PipelineDefinition {
        PipelineDefinition(
            id: PipelineID(entry.name), tasks: try entry.tasks.flatMap(tasks), groups: try entry.tasks.compactMap(group),
            maxActiveTasks: entry.maxActiveTasks, maxActiveRuns: entry.maxActiveRuns, schedule: entry.schedule,
            startDate: entry.startDate, endDate: entry.endDate, catchup: entry.catchup, owner: entry.owner, tags: entry.tags,
            description: entry.description, location: entry.location)
    }

    private func tasks(of task: TaskEntry) throws -> [TaskDefinition] {
        switch task.kind {
        case .empty: [try definition(task, kind: "empty", work: TaskWork.empty)]
        case .sync(let connection, _): [try definition(task, kind: "sync", work: .sync(connection: connection))]
        case .dbt: try dbtTasks(of: task)
        }
    }

    private func definition(_ task: TaskEntry, kind: String, work: TaskWork) throws -> TaskDefinition {
        TaskDefinition(
            id: TaskID(task.name), upstream: task.after.map { TaskID($0.name) }, triggerRule: try triggerRule(of: task),
            retries: RetryPolicy(count: task.retries), timeout: try duration(task.timeout),
            deadline: try duration(task.deadline), kind: kind, work: work.json, location: task.location)
    }

    /// A dbt task is a group: what it waits for, all of it waits for.
    private func group(of task: TaskEntry) throws -> TaskGroupDefinition? {
        guard case .dbt = task.kind else { return nil }
        guard task.triggerRule == nil else {
            throw ProjectError(
                .badTask, "'\(task.name)' is a whole dbt project and cannot have a trigger rule of its own",
                location: task.triggerRule?.location,
                hint: "put a task with `empty: true` and the trigger rule before it")
        }
        return TaskGroupDefinition(
            id: GroupID(task.name), upstream: task.after.map { TaskID($0.name) }, location: task.location)
    }

    private func dbtTasks(of task: TaskEntry) throws -> [TaskDefinition] {
        guard let graph = dbtGraphs[task.name] else { return [] }
        let ids = taskIDs(of: graph, in: task.name)
        let timeout = try duration(task.timeout)
        let deadline = try duration(task.deadline)
        var tasks = graph.nodes.compactMap { node -> TaskDefinition? in
            guard let id = ids[node.id] else { return nil }
            return TaskDefinition(
                id: id.task, group: id.group, upstream: node.upstream.compactMap { ids[$0]?.task },
                retries: RetryPolicy(count: task.retries), timeout: timeout, deadline: deadline, kind: node.kind,
                work: TaskWork.dbt(task: task.name, node: node.id).json, description: node.description,
                location: task.location)
        }
        if graph.hasClosingHooks {
            tasks.append(
                TaskDefinition(
                    id: TaskID("\(task.name).on_run_end"), group: GroupID(task.name), upstream: tasks.map(\.id),
                    triggerRule: .allDone, timeout: timeout, deadline: deadline, isTeardown: true, kind: "hook",
                    work: TaskWork.dbtClosing(task: task.name).json, location: task.location))
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

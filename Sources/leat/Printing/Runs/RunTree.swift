import Diagnostics
import Orchestrate

/// A run as a tree of groups and tasks, kept up to date by the run's events.
struct RunTree {
    /// What is known of one task.
    struct Entry {
        var state = TaskState.none
        var startedAt: Timestamp?
        var finishedAt: Timestamp?
        var rows: Int?
        var bytes: Int?
        var message: String?
        var failure: TaskFailure?
        var isLate = false
    }

    indirect enum Item {
        case task(TaskID, label: String)
        case group(GroupID, label: String, [Item])
    }

    let pipeline: PipelineDefinition
    let items: [Item]
    private(set) var entries: [TaskID: Entry]
    private(set) var startedAt: Timestamp?
    private(set) var result: RunResult?

    init(_ pipeline: PipelineDefinition) {
        self.pipeline = pipeline
        items = Self.items(of: pipeline.tasks, in: nil)
        entries = Dictionary(pipeline.tasks.map { ($0.id, Entry()) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tasks and groups directly inside `group`, in the order in which they first appear.
    private static func items(of tasks: [TaskDefinition], in group: GroupID?) -> [Item] {
        let prefix = group.map { $0.rawValue + "." } ?? ""
        var items: [Item] = []
        var seen: Set<GroupID> = []
        for task in tasks {
            guard let child = child(of: group, on: task.group) else {
                let label =
                    task.id.rawValue.hasPrefix(prefix) ? String(task.id.rawValue.dropFirst(prefix.count)) : task.id.rawValue
                items.append(.task(task.id, label: label))
                continue
            }
            guard seen.insert(child).inserted else { continue }
            let members = tasks.filter { Self.child(of: group, on: $0.group) == child }
            items.append(
                .group(child, label: String(child.rawValue.dropFirst(prefix.count)), Self.items(of: members, in: child)))
        }
        return items
    }

    /// The group below `parent` on the way to `group`; nil where `group` is `parent` itself.
    private static func child(of parent: GroupID?, on group: GroupID?) -> GroupID? {
        var candidate = group
        while let current = candidate, current != parent {
            if current.parent == parent { return current }
            candidate = current.parent
        }
        return nil
    }

    mutating func apply(_ event: RunEvent) {
        switch event.kind {
        case .runStarted: startedAt = event.time
        case .taskQueued(let key): change(key.task) { $0.state = .queued }
        case .taskStarted(let key):
            change(key.task) { entry in
                entry.state = .running
                entry.startedAt = entry.startedAt ?? event.time
            }
        case .taskProgress(let key, let progress):
            change(key.task) { entry in
                entry.rows = progress.rows ?? entry.rows
                entry.bytes = progress.bytes ?? entry.bytes
                entry.message = progress.message ?? entry.message
            }
        case .taskRetrying(let key, let failure, _):
            change(key.task) { entry in
                entry.state = .upForRetry
                entry.message = failure.message
            }
        case .taskFinished(let result): finish(result)
        case .taskLate(let task, _): change(task) { $0.isLate = true }
        case .runFinished(let result): self.result = result
        case .taskLog, .taskLogOmitted, .runLate, .runRecovered: break
        }
    }

    private mutating func finish(_ result: TaskResult) {
        change(result.id) { entry in
            entry.state = result.state
            entry.startedAt = result.startedAt
            entry.finishedAt = result.finishedAt
            entry.rows = result.rows
            entry.bytes = result.bytes
            entry.message = result.message
            entry.failure = result.failure
        }
    }

    private mutating func change(_ task: TaskID, _ body: (inout Entry) -> Void) {
        body(&entries[task, default: Entry()])
    }

    /// The tasks below an item.
    static func tasks(of item: Item) -> [TaskID] {
        switch item {
        case .task(let id, _): [id]
        case .group(_, _, let items): items.flatMap(tasks)
        }
    }
}

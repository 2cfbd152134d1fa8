package import Diagnostics
import Documents
package import Orchestrate

/// Tasks and when they run: one entry under `pipelines:`.
package struct PipelineEntry: Sendable {
    package let name: String
    package let description: String?
    package let schedule: Schedule
    /// The changes of data that begin a run.
    package let data: DataCondition?
    /// No run is due before it.
    package let startDate: Timestamp?
    /// No interval of a run begins after it.
    package let endDate: Timestamp?
    package let catchup: Bool
    /// Whether the scheduler waits for somebody to unpause it first.
    package let startsPaused: Bool
    package let maxActiveRuns: Int
    package let maxActiveTasks: Int
    /// What runs can be told; empty where they take anything.
    package let parameters: [ParameterDefinition]
    package let tags: [String]
    package let owner: String?
    /// How long a run may take; then it is stopped and has failed.
    package let timeout: Duration?
    /// How long after it was due a run must have finished.
    package let deadline: Duration?
    /// Whether the first failed task ends the run.
    package let failFast: Bool
    /// Who is told of what; nil leaves that to the project.
    let notify: [NotificationRule]?
    package let tasks: [TaskEntry]
    package let location: SourceLocation

    init(_ member: YAMLNode.Member, calendars: [String: ExclusionCalendar]) throws {
        let subject = "the pipeline '\(member.key)'"
        var keys = try YAMLMapping(member.value, of: subject)
        try member.checkName("a pipeline")
        name = member.key
        location = member.keyLocation
        description = try keys.string("description")
        let scheduleNode = keys.optional("schedule")
        // Dates without an offset are meant in the zone that the schedule speaks of.
        let zone = try Schedule.timeZone(of: scheduleNode)
        let first = try Self.moment("start_date", &keys, zone)
        startDate = first
        let endNode = keys.optional("end_date")
        let last = try Self.moment("end_date", &keys, zone)
        if let first, let last, last < first {
            throw DocumentError(
                .badValue, "\(subject) ends before it begins: its 'end_date' comes before its 'start_date'",
                location: endNode?.location)
        }
        endDate = last
        schedule = try scheduleNode.map { try Schedule($0, of: subject, anchor: first, calendars: calendars) } ?? .manual
        let data = try Schedule.data(of: scheduleNode, of: subject)
        self.data = data
        startsPaused = try keys.bool("is_paused_upon_creation") ?? false
        catchup = try keys.bool("catchup") ?? false
        maxActiveRuns = try Self.positive(keys.int("max_active_runs"), "max_active_runs", at: location) ?? 1
        maxActiveTasks = try Self.positive(keys.int("max_active_tasks"), "max_active_tasks", at: location) ?? 16
        let parameters = try keys.members("params").map { try ParameterDefinition($0, of: subject) }
        if schedule != .manual || data != nil, let missing = parameters.first(where: { $0.defaultValue == nil }) {
            throw DocumentError(
                .badValue, "\(subject) begins by itself, so its parameter '\(missing.name)' needs a default",
                location: missing.location, hint: "write \(missing.name): {default: ...}")
        }
        self.parameters = parameters
        tags = try keys.strings("tags") ?? []
        timeout = try Self.duration(keys.optional("timeout"))
        deadline = try Self.duration(keys.optional("deadline"))
        failFast = try keys.bool("fail_fast") ?? false
        notify = try keys.optional("notify").map { try NotificationRule.rules($0, of: subject) }
        var defaults = TaskEntry.Defaults()
        if let node = keys.optional("defaults") { defaults = try TaskEntry.Defaults(node, of: subject) }
        owner = defaults.owner
        let tasksNode = try keys.required("tasks")
        guard let members = tasksNode.members, !members.isEmpty else {
            throw DocumentError(
                .wrongType, "\(subject) needs a mapping of task names to tasks", location: tasksNode.location)
        }
        tasks = try TaskEntry.entries(members, defaults: defaults, of: subject)
        try keys.finish()
    }

    /// All tasks with the paths that the engine knows them by: those of groups have the group's in front.
    package var allTasks: [(path: String, task: TaskEntry)] { Self.flattened(tasks, in: nil) }

    private static func flattened(_ tasks: [TaskEntry], in group: String?) -> [(path: String, task: TaskEntry)] {
        tasks.flatMap { task in
            let path = group.map { "\($0).\(task.name)" } ?? task.name
            guard case .group(let members) = task.kind else { return [(path, task)] }
            return [(path, task)] + flattened(members, in: path)
        }
    }

    private static func duration(_ node: YAMLNode?) throws -> Duration? {
        try node.map { node in
            try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
        }
    }

    private static func moment(_ key: String, _ keys: inout YAMLMapping, _ zone: TimeZoneRules) throws -> Timestamp? {
        guard let node = keys.optional(key), !node.isNull else { return nil }
        return try located(at: node.location) { () throws(OrchestrateError) in
            try Timestamp(parsing: node.scalarText, in: zone)
        }
    }

    private static func positive(_ value: Int?, _ key: String, at location: SourceLocation) throws -> Int? {
        guard let value else { return nil }
        guard value > 0 else {
            throw DocumentError(.badValue, "'\(key)' must be at least 1, not \(value)", location: location)
        }
        return value
    }
}

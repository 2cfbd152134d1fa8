package import Diagnostics
import Documents

/// Tasks and when they run: one entry under `pipelines:`.
package struct PipelineEntry: Sendable {
    package let name: String
    package let description: String?
    package let schedule: ScheduleEntry
    /// First day of the schedule, as it is written.
    package let startDate: String?
    package let catchup: Bool
    package let maxActiveRuns: Int
    package let maxActiveTasks: Int
    package let tags: [String]
    package let owner: String?
    package let tasks: [TaskEntry]
    package let location: SourceLocation

    init(_ member: YAMLNode.Member) throws {
        let subject = "the pipeline '\(member.key)'"
        var keys = try YAMLMapping(member.value, of: subject)
        name = member.key
        location = member.keyLocation
        description = try keys.string("description")
        schedule = try keys.optional("schedule").map { try ScheduleEntry($0, of: subject) } ?? .manual
        startDate = try keys.string("start_date")
        catchup = try keys.bool("catchup") ?? false
        maxActiveRuns = try Self.positive(keys.int("max_active_runs"), "max_active_runs", at: location) ?? 1
        maxActiveTasks = try Self.positive(keys.int("max_active_tasks"), "max_active_tasks", at: location) ?? 16
        tags = try keys.strings("tags") ?? []
        var defaults = TaskEntry.Defaults()
        if let node = keys.optional("defaults") { defaults = try TaskEntry.Defaults(node, of: subject) }
        owner = defaults.owner
        let tasksNode = try keys.required("tasks")
        guard let members = tasksNode.members, !members.isEmpty else {
            throw DocumentError(
                .wrongType, "\(subject) needs a mapping of task names to tasks", location: tasksNode.location)
        }
        tasks = try members.map { try TaskEntry($0, defaults: defaults, of: subject) }
        try keys.finish()
    }

    private static func positive(_ value: Int?, _ key: String, at location: SourceLocation) throws -> Int? {
        guard let value else { return nil }
        guard value > 0 else {
            throw DocumentError(.badValue, "'\(key)' must be at least 1, not \(value)", location: location)
        }
        return value
    }
}

package import Diagnostics
import Documents
package import Orchestrate

/// Tasks and when they run: one entry under `pipelines:`.
package struct PipelineEntry: Sendable {
    package let name: String
    package let description: String?
    package let schedule: Schedule
    /// No run is due before it.
    package let startDate: Timestamp?
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
        let startNode = keys.optional("start_date")
        let start = try keys.string("start_date")
        let first = try located(at: startNode?.location ?? location) { () throws(OrchestrateError) in
            try start.map { text throws(OrchestrateError) in try Timestamp(parsing: text) }
        }
        startDate = first
        schedule = try keys.optional("schedule").map { try Schedule($0, of: subject, anchor: first) } ?? .manual
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

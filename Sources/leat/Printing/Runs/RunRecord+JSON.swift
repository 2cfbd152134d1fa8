import Diagnostics
import Documents
import Orchestrate

extension RunRecord {
    /// The run as commands print it.
    var json: JSON {
        var object = JSON.Members([
            ("run", .string(id.description)), ("pipeline", .string(id.pipeline.rawValue)), ("run_id", .string(id.name)),
            ("run_type", .string(kind.rawValue)), ("state", .string(state.rawValue)),
            ("queued_at", .string(queuedAt.description)),
        ])
        func add(_ key: String, _ moment: Timestamp?) { object.append(key, moment.map { .string($0.description) } ?? .null) }
        add("started_at", startedAt)
        add("finished_at", finishedAt)
        add("logical_date", logicalDate)
        add("data_interval_start", dataInterval?.start)
        add("data_interval_end", dataInterval?.end)
        add("late_at", lateAt)
        object.append("parameters", parameters)
        object.append("note", note.map { .string($0) } ?? .null)
        object.append("reason", reason.map { .string($0) } ?? .null)
        object.append("backfill", backfill.map { .string($0.name) } ?? .null)
        return .object(object)
    }
}

extension TaskResult {
    /// The task as commands print it.
    var json: JSON {
        var object = JSON.Members([
            ("task", .string(id.rawValue)), ("state", .string(state.rawValue)), ("attempts", .int(attempts)),
        ])
        object.append("started_at", startedAt.map { .string($0.description) } ?? .null)
        object.append("finished_at", finishedAt.map { .string($0.description) } ?? .null)
        object.append("duration_ms", duration.map { .int(Int($0.inMicroseconds / 1000)) } ?? .null)
        object.append("rows", rows.map { .int($0) } ?? .null)
        object.append("bytes", bytes.map { .int($0) } ?? .null)
        object.append("message", message.map { .string($0) } ?? .null)
        object.append("output", output)
        if let failure {
            object.append(
                "error",
                [
                    "code": .string(failure.code), "message": .string(failure.message),
                    "details": .array(failure.details.map { .string($0) }),
                    "location": failure.location.map { .string($0.description) } ?? .null,
                    "hint": failure.hint.map { .string($0) } ?? .null,
                ])
        }
        return .object(object)
    }
}

extension Timestamp {
    /// `2026-09-18 12:00` in UTC.
    var minuteText: String { String(description.prefix(16)).replacing("T", with: " ") }
}

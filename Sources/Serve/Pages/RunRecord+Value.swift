import Documents
import Jinja
import Orchestrate

extension RunRecord {
    /// How long it took, or has taken so far.
    func duration(now: Timestamp) -> Duration? { startedAt.map { (finishedAt ?? now) - $0 } }

    /// For templates.
    func value(now: Timestamp) -> Value {
        Value([
            "name": .string(id.name), "pipeline": .string(id.pipeline.rawValue), "path": .string(Paths.run(id)),
            "pipeline_path": .string(Paths.pipeline(id.pipeline)), "state": .string(state.rawValue),
            "finished_state": .bool(state.isFinished), "kind": .string(kind.rawValue),
            "started": Moment.value(startedAt ?? queuedAt, now: now),
            "duration": Value(duration(now: now).map(Moment.duration)), "note": Value(note), "reason": Value(reason),
            "parameters": Value(parameters.object?.isEmpty == false ? parameters.text(indent: 2) : nil),
            "interval": Value(dataInterval.map { "\($0.start) – \($0.end)" }),
        ])
    }
}

extension TaskRecord {
    func duration(now: Timestamp) -> Duration? {
        result.startedAt.map { (result.finishedAt ?? now) - $0 }
    }

    /// For templates.
    func value(of run: RunID, now: Timestamp) -> Value {
        Value([
            "name": .string(result.id.rawValue), "path": .string(Paths.task(result.id, of: run)), "kind": .string(kind),
            "state": .string(result.state.rawValue), "attempts": .int(result.attempts),
            "started": Moment.value(result.startedAt, now: now),
            "duration": Value(duration(now: now).map(Moment.duration)), "rows": result.rows.map { .int($0) } ?? .none,
            "message": Value(result.message ?? result.failure?.message),
        ])
    }
}

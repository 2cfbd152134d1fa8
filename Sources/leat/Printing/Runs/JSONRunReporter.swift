import Diagnostics
import Documents
import Orchestrate

/// One JSON object a line, for programs.
struct JSONRunReporter: RunReporter {
    func handle(_ event: RunEvent) {
        var object = JSON.Members([("time", .string(event.time.description)), ("run", .string(event.run.description))])
        describe(event.kind, in: &object)
        Output.write(JSON.object(object).text())
    }

    func finish(_ result: RunResult) {}

    private func describe(_ kind: RunEvent.Kind, in object: inout JSON.Members) {
        func attempt(_ event: String, _ key: AttemptKey) {
            object["event"] = .string(event)
            object["task"] = .string(key.task.rawValue)
            object["attempt"] = .int(key.number)
        }
        switch kind {
        case .runStarted: object["event"] = "run_started"
        case .taskQueued(let key): attempt("task_queued", key)
        case .taskStarted(let key): attempt("task_started", key)
        case .taskProgress(let key, let progress):
            attempt("task_progress", key)
            object["rows"] = progress.rows.map { .int($0) }
            object["bytes"] = progress.bytes.map { .int($0) }
            object["message"] = progress.message.map { .string($0) }
        case .taskLog(let key, let line):
            attempt("task_log", key)
            object["level"] = .string(line.level.rawValue)
            object["text"] = .string(line.text)
        case .taskLogOmitted(let lines):
            object["event"] = "task_log_omitted"
            object["lines"] = .int(lines)
        case .taskRetrying(let key, let failure, let next):
            attempt("task_retrying", key)
            object["error"] = .string(failure.description)
            object["next_attempt_at"] = next.map { .string($0.description) }
        case .taskFinished(let result):
            object["event"] = "task_finished"
            describe(result, in: &object)
        case .taskLate(let task, let deadline):
            object["event"] = "task_late"
            object["task"] = .string(task.rawValue)
            object["deadline"] = .string(deadline.description)
        case .runLate(let deadline):
            object["event"] = "run_late"
            object["deadline"] = .string(deadline.description)
        case .runRecovered(let before):
            object["event"] = "run_recovered"
            object["after"] = .string(before.description)
        case .runFinished(let result):
            object["event"] = "run_finished"
            object["state"] = .string(result.state.rawValue)
            object["failed_tasks"] = .array(result.failedTasks.map { .string($0.id.rawValue) })
            object["duration_ms"] = .int(Int(result.duration.inMicroseconds / 1000))
        }
    }

    private func describe(_ result: TaskResult, in object: inout JSON.Members) {
        object["task"] = .string(result.id.rawValue)
        object["state"] = .string(result.state.rawValue)
        object["attempts"] = .int(result.attempts)
        object["rows"] = result.rows.map { .int($0) }
        object["bytes"] = result.bytes.map { .int($0) }
        object["message"] = result.message.map { .string($0) }
        object["duration_ms"] = result.duration.map { .int(Int($0.inMicroseconds / 1000)) }
        guard let failure = result.failure else { return }
        object["error"] = [
            "code": .string(failure.code), "message": .string(failure.message),
            "details": .array(failure.details.map { .string($0) }),
            "location": failure.location.map { .string($0.description) } ?? .null,
            "hint": failure.hint.map { .string($0) } ?? .null,
        ]
    }
}

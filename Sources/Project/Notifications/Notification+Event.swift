import Orchestrate

extension Notification {
    /// What an event of a run tells people; nil for what nobody needs to be told of.
    /// - Parameter masked: takes out what must not be seen.
    init?(_ news: RunEvent, of run: ObservedRun, project: String, masked: (String) -> String) {
        func made(
            _ event: NotificationEvent, _ task: TaskID?, _ state: String, _ message: String?, hint: String? = nil,
            failedTasks: [String] = []
        ) -> Notification {
            Notification(
                event: event, project: project, run: news.run, task: task, owner: run.definition.owner, time: news.time,
                state: state, message: message.map(masked), hint: hint.map(masked), failedTasks: failedTasks,
                logicalDate: run.record.logicalDate)
        }
        switch news.kind {
        case .taskRetrying(let key, let failure, let next):
            let when = next.map { ", again at \($0)" } ?? ""
            self = made(
                .retry, key.task, "up_for_retry", "attempt \(key.number): \(failure.message)\(when)", hint: failure.hint)
        case .taskFinished(let result) where result.state == .failed:
            self = made(.failure, result.id, "failed", result.failure?.message ?? result.message, hint: result.failure?.hint)
        case .taskFinished(let result) where result.state == .success:
            self = made(.success, result.id, "success", result.message)
        case .taskLate(let task, let deadline):
            self = made(.deadline, task, "running", "it was to be done by \(deadline)")
        case .runLate(let deadline):
            self = made(.deadline, nil, run.record.state.rawValue, "it was to be done by \(deadline)")
        case .runRecovered(let before):
            self = made(.recovery, nil, "success", "the run before, \(before.name), had failed")
        case .runFinished(let result) where result.state == .failed || (result.state == .success && result.hasFailures):
            let failed = result.failedTasks
            let reasons = failed.prefix(3).map { "\($0.id): \($0.failure?.message ?? $0.message ?? "failed")" }
            let more = failed.count > 3 ? ["and \(failed.count - 3) more tasks"] : []
            let message = ([result.reason].compactMap { $0 } + reasons + more).joined(separator: "; ")
            self = made(
                .failure, nil, result.state.rawValue, message.isEmpty ? nil : message,
                hint: failed.count == 1 ? failed[0].failure?.hint : nil, failedTasks: failed.map(\.id.rawValue))
        case .runFinished(let result) where result.state == .success:
            self = made(.success, nil, "success", "in \(result.duration.shortText)")
        default: return nil
        }
    }
}

extension LeatProject {
    /// The channels that hear of a notification: a task's own rules come before its pipeline's, and these before the project's.
    func channels(for notification: Notification) -> [String] {
        let pipeline = pipelines.first { $0.name == notification.run.pipeline.rawValue }
        if let task = notification.task {
            // The tasks of a dbt project stand below the one that leat.yml knows.
            let id = task.rawValue
            let entries = pipeline?.allTasks.filter { id == $0.path || id.hasPrefix($0.path + ".") } ?? []
            if let rules = entries.max(by: { $0.path.utf8.count < $1.path.utf8.count })?.task.notify {
                return rules.channels(for: notification.event)
            }
            // How single tasks end is told by their runs.
            guard [.retry, .deadline].contains(notification.event) else { return [] }
        }
        return (pipeline?.notify ?? notify).channels(for: notification.event)
    }
}

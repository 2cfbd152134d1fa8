package import Documents

/// How a task of a run ended, or stands.
package struct TaskResult: Sendable, Hashable {
    package let id: TaskID
    package var state: TaskState = .none
    /// How many attempts have been started.
    package var attempts = 0
    /// How many of these do not count against the retries: those before the task was cleared, and interrupted ones.
    package var uncountedAttempts = 0
    /// When the first attempt began; nil where there was none.
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var rows: Int?
    package var bytes: Int?
    /// One sentence: what the executor said of success, the failure, or why it was skipped.
    package var message: String?
    /// Why the last attempt failed.
    package var failure: TaskFailure?
    package var output: JSON = .null
    /// When the next attempt begins, where one has failed and another is to come.
    package var nextAttemptAt: Timestamp?
    /// When the deadline was missed.
    package var lateAt: Timestamp?

    package init(id: TaskID) { self.id = id }

    /// From the beginning of the first attempt to the end.
    package var duration: Duration? {
        guard let startedAt, let finishedAt else { return nil }
        return finishedAt - startedAt
    }
}

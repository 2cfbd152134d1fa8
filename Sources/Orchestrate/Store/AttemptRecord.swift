/// An attempt at a task as the store keeps it.
package struct AttemptRecord: Sendable, Hashable {
    package let key: AttemptKey
    /// queued, running, success, failed or skipped.
    package var state: TaskState
    package var queuedAt: Timestamp
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var rows: Int?
    package var bytes: Int?
    package var message: String?
    package var failure: TaskFailure?
    /// The file with its log, one JSON object per line; nil where it has written none.
    package var logPath: String?
    /// The process group that does its work outside of this process, so that it can be ended after this one has died.
    package var process: String?

    package init(key: AttemptKey, state: TaskState = .queued, queuedAt: Timestamp) {
        self.key = key
        self.state = state
        self.queuedAt = queuedAt
    }
}

package import Documents

/// How an attempt ended that did not fail.
package struct TaskOutcome: Sendable, Hashable {
    /// Which of the tasks after this one go on.
    package enum Continuation: Sendable, Hashable {
        case all
        /// A branch: of the tasks directly after this one only these (or the groups of this name), and what comes after them;
        /// the others are skipped, whatever their trigger rules.
        case only([TaskID])
        /// A short circuit: nothing after this one runs. `directOnly` skips only the tasks directly after it and leaves the
        /// rest to their trigger rules.
        case stop(directOnly: Bool)
    }

    /// Whether the task found that it had nothing to do, and counts as skipped.
    package var isSkipped: Bool
    /// What later tasks may read.
    package var output: JSON
    /// One sentence for people.
    package var message: String?
    package var rows: Int?
    package var bytes: Int?
    package var continuation: Continuation
    /// Data that the attempt has changed.
    package var updates: [DataUpdate]

    package init(
        output: JSON = .null, message: String? = nil, rows: Int? = nil, bytes: Int? = nil, isSkipped: Bool = false,
        continuation: Continuation = .all, updates: [DataUpdate] = []
    ) {
        self.output = output
        self.message = message
        self.rows = rows
        self.bytes = bytes
        self.isSkipped = isSkipped
        self.continuation = continuation
        self.updates = updates
    }

    package static let success = TaskOutcome()

    package static func skipped(_ message: String? = nil) -> TaskOutcome { TaskOutcome(message: message, isSkipped: true) }
}

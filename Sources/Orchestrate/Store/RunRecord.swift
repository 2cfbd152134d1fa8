package import Documents

/// A run as the store keeps it.
package struct RunRecord: Sendable, Hashable {
    package let id: RunID
    package var kind: RunKind
    package var state: RunState
    package var logicalDate: Timestamp?
    package var dataInterval: DataInterval?
    package var dueAt: Timestamp?
    package var queuedAt: Timestamp
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var parameters: JSON
    package var note: String?
    /// Why it ended early, if it did.
    package var reason: String?
    /// When the deadline was missed.
    package var lateAt: Timestamp?

    package init(id: RunID, request: RunRequest, state: RunState = .queued, queuedAt: Timestamp) {
        self.id = id
        self.state = state
        self.queuedAt = queuedAt
        kind = request.kind
        logicalDate = request.logicalDate
        dataInterval = request.dataInterval
        dueAt = request.dueAt
        parameters = request.parameters
        note = request.note
    }
}

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
    /// Whether it belongs to a scheduler, so that another one may go on with it.
    package var isManaged: Bool
    /// The backfill that it is part of.
    package var backfill: RunRequest.Backfill?
    /// How often groups were tried again as a whole.
    package var groupRetries: [GroupID: Int] = [:]

    package init(id: RunID, request: RunRequest, state: RunState = .queued, queuedAt: Timestamp, isManaged: Bool = false) {
        self.id = id
        self.state = state
        self.queuedAt = queuedAt
        self.isManaged = isManaged
        backfill = request.backfill
        kind = request.kind
        logicalDate = request.logicalDate
        dataInterval = request.dataInterval
        dueAt = request.dueAt
        parameters = request.parameters
        note = request.note
    }

    /// What asked for it.
    package var request: RunRequest {
        RunRequest(
            kind: kind, name: id.name, logicalDate: logicalDate, dataInterval: dataInterval, parameters: parameters, note: note,
            dueAt: dueAt, backfill: backfill)
    }
}

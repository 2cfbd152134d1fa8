package import Documents

/// What tasks may know of the run that they are part of.
package struct RunContext: Sendable, Hashable {
    package let id: RunID
    package let kind: RunKind
    package let logicalDate: Timestamp?
    package let dataInterval: DataInterval?
    package let parameters: JSON
    package let startedAt: Timestamp

    package init(id: RunID, request: RunRequest, startedAt: Timestamp) {
        self.id = id
        kind = request.kind
        logicalDate = request.logicalDate
        dataInterval = request.dataInterval
        parameters = request.parameters
        self.startedAt = startedAt
    }
}

package import Documents

/// Data has changed: what, when, and what has done it.
package struct DataEvent: Sendable, Hashable {
    /// Counted up by the store; 0 before it has it.
    package var id: Int64
    package var at: Timestamp
    package var reference: DataReference
    /// The run and the task that changed it; nil where somebody has announced it.
    package var run: RunID?
    package var task: TaskID?
    package var details: JSON

    package init(
        id: Int64 = 0, at: Timestamp, _ reference: DataReference, run: RunID? = nil, task: TaskID? = nil, details: JSON = .null
    ) {
        self.id = id
        self.at = at
        self.reference = reference
        self.run = run
        self.task = task
        self.details = details
    }
}

/// Data that an attempt has changed, as its executor says.
package struct DataUpdate: Sendable, Hashable {
    package var reference: DataReference
    package var details: JSON

    package init(_ reference: DataReference, details: JSON = .null) {
        self.reference = reference
        self.details = details
    }
}

/// New states of a run and of parts of it, to be written in one transaction.
package struct RunChanges: Sendable {
    package let id: RunID
    package var run: RunRecord?
    package var tasks: [TaskRecord]
    package var attempts: [AttemptRecord]
    /// Data that the run has changed.
    package var data: [DataEvent]

    package init(
        id: RunID, run: RunRecord? = nil, tasks: [TaskRecord] = [], attempts: [AttemptRecord] = [], data: [DataEvent] = []
    ) {
        self.id = id
        self.run = run
        self.tasks = tasks
        self.attempts = attempts
        self.data = data
    }
}

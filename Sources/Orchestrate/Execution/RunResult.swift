/// How a run ended.
package struct RunResult: Sendable, Hashable {
    package let id: RunID
    /// By Airflow's rule: failed where a task that nothing comes after has failed, so that a last task with `all_done` makes a
    /// success of a run in which others failed. `hasFailures` is what an exit code should go by.
    package let state: RunState
    /// Why it ended early, if it did.
    package let reason: String?
    package let startedAt: Timestamp
    package let finishedAt: Timestamp
    /// In the order of definition.
    package let tasks: [TaskResult]

    package init(
        id: RunID, state: RunState, reason: String? = nil, startedAt: Timestamp, finishedAt: Timestamp, tasks: [TaskResult]
    ) {
        self.id = id
        self.state = state
        self.reason = reason
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tasks = tasks
    }

    package var duration: Duration { finishedAt - startedAt }

    /// The tasks that failed by themselves.
    package var failedTasks: [TaskResult] { tasks.filter { $0.state == .failed } }

    /// Whether the run or any of its tasks did not end well.
    package var hasFailures: Bool { state != .success || tasks.contains { $0.state.isFailure } }

    package subscript(task: TaskID) -> TaskResult? { tasks.first { $0.id == task } }
}

package import Documents
import Synchronization

/// The outputs of a run's tasks, filled as they succeed.
package final class TaskOutputs: Sendable {
    private let values: Mutex<[TaskID: JSON]>

    package init(_ values: [TaskID: JSON] = [:]) { self.values = Mutex(values) }

    /// What a task has put out; nil where it has not succeeded, or put out nothing.
    package subscript(task: TaskID) -> JSON? { values.withLock { $0[task] } }

    func set(_ output: JSON, for task: TaskID) {
        guard !output.isNull else { return }
        values.withLock { $0[task] = output }
    }
}

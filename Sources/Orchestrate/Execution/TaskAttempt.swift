/// What an executor is asked to do.
package struct TaskAttempt: Sendable {
    package let run: RunContext
    package let task: TaskDefinition
    /// Counted from 1.
    package let number: Int
    /// What earlier tasks of the run have put out.
    package let outputs: TaskOutputs

    package init(run: RunContext, task: TaskDefinition, number: Int = 1, outputs: TaskOutputs = TaskOutputs()) {
        self.run = run
        self.task = task
        self.number = number
        self.outputs = outputs
    }

    package var key: AttemptKey { AttemptKey(task: task.id, number: number) }
}

/// What an executor is asked to do.
package struct TaskAttempt: Sendable {
    package let run: RunContext
    package let task: TaskDefinition
    /// Counted from 1.
    package let number: Int
    /// What earlier tasks of the run have put out.
    package let outputs: TaskOutputs
    /// What an earlier process has begun of it already; only of durable tasks.
    package let resumption: Resumption
    /// The file of its log, which an earlier process may have begun; nil where no logs are kept.
    package let logPath: String?
    /// Tells an executor that is cancelled whether the work shall go on all the same.
    package let detachment: Detachment

    package enum Resumption: Sendable, Hashable {
        /// It is new.
        case none
        /// It was handed to an executor, which perhaps has not begun.
        case queued
        /// It had begun.
        case running
    }

    package init(
        run: RunContext, task: TaskDefinition, number: Int = 1, outputs: TaskOutputs = TaskOutputs(),
        resumption: Resumption = .none, logPath: String? = nil, detachment: Detachment = Detachment()
    ) {
        self.run = run
        self.task = task
        self.number = number
        self.outputs = outputs
        self.resumption = resumption
        self.logPath = logPath
        self.detachment = detachment
    }

    package var key: AttemptKey { AttemptKey(task: task.id, number: number) }
}

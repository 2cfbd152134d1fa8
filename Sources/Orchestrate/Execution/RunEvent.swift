/// News of a run, for who watches it.
///
/// Events of one run come one at a time and in order: a task's `taskStarted` before its progress and log, these before its
/// end; `runFinished` is the last. What they say has been written to the store before.
package struct RunEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case runStarted
        /// The task waits for the executor, or for room.
        case taskQueued(AttemptKey)
        case taskStarted(AttemptKey)
        case taskProgress(AttemptKey, TaskProgress)
        case taskLog(AttemptKey, LogLine)
        /// So many lines were left out here because they came faster than they were taken; the log file has them.
        case taskLogOmitted(lines: Int)
        /// An attempt failed and there will be another one.
        case taskRetrying(AttemptKey, TaskFailure, nextAttemptAt: Timestamp?)
        /// Also for tasks that were skipped or never ran because of others.
        case taskFinished(TaskResult)
        /// The task has passed its deadline without having finished.
        case taskLate(TaskID, deadline: Timestamp)
        case runLate(deadline: Timestamp)
        /// The run succeeds, after the run before it had failed.
        case runRecovered(after: RunID)
        case runFinished(RunResult)
    }

    package let run: RunID
    package let time: Timestamp
    package let kind: Kind

    package init(run: RunID, time: Timestamp, kind: Kind) {
        self.run = run
        self.time = time
        self.kind = kind
    }
}

extension RunStateMachine {
    /// What can happen to a run.
    package enum Event: Sendable, Hashable {
        case runStarted
        /// The executor has really begun an attempt.
        case attemptStarted(AttemptKey)
        case attemptSucceeded(AttemptKey, TaskOutcome)
        /// An attempt ended without success: also one that was told to.
        case attemptFailed(AttemptKey, TaskFailure)
        case timerFired(RunTimer)
        /// The task has the slots that it needs.
        case slotsGranted(TaskID)
        /// How the same task of the run before stands: nil for well, else why this one has to wait.
        case pastChecked(TaskID, waitsBecause: String?)
        case cancelRequested(reason: String)
        /// The tasks shall run again; what is under way of them is ended first.
        case tasksCleared([TaskID])
        /// Somebody says how the tasks ended: as `success`, `failed` or `skipped`.
        case tasksMarked([TaskID], TaskState)
        /// What is under way shall be ended, without prejudice, because the process has to go.
        case suspendRequested(reason: String)
    }

    /// What is to be done.
    package enum Action: Sendable, Hashable {
        /// Hand the attempt to the executor.
        case startAttempt(AttemptKey)
        /// Hand an attempt to the executor that was begun by another process.
        case resumeAttempt(AttemptKey, TaskAttempt.Resumption)
        /// Make the executor let go of the attempt, whose work goes on by itself. It still reports.
        case letGoOfAttempt(AttemptKey)
        /// The attempt was let go of; neither it nor its task is over.
        case attemptLetGo(AttemptKey)
        /// Make the executor end the attempt. It still reports how it ended.
        case cancelAttempt(AttemptKey, reason: String)
        /// The attempt is over: `failure` is nil for success.
        case attemptEnded(AttemptKey, TaskState, TaskFailure?)
        /// A task has a new state; `reason` says why when nothing of its own led to it.
        case taskChanged(TaskID, TaskState, reason: String?)
        case scheduleTimer(RunTimer, at: Timestamp)
        case cancelTimer(RunTimer)
        /// Get the slots that the task needs, and say `slotsGranted` when it has them.
        case acquireSlots(TaskID)
        case releaseSlots(TaskID)
        /// Look how the same task of the run before stands, and say `pastChecked`.
        case checkPast(TaskID)
        /// The task has not finished within its deadline. Said once per task.
        case reportLate(TaskID)
        /// The run has not finished within its deadline. Said once.
        case reportRunLate
        /// The group is tried again as a whole, for the time of that number.
        case groupRetried(GroupID, count: Int)
        case runChanged(RunState)
        /// The run is over. Nothing follows.
        case finishRun(RunState, reason: String?)
        /// Nothing is under way any more, and the run can be taken up again later. Nothing follows.
        case runSuspended
    }
}

/// What a run can be woken for.
package enum RunTimer: Sendable, Hashable {
    /// The pause after an attempt is over.
    case retry(AttemptKey)
    case timeout(AttemptKey)
    case deadline(TaskID)
    /// To look again at the run before.
    case past(TaskID)
    case runDeadline
    case runTimeout
}

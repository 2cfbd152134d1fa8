/// Does the work of tasks: in this process, in another one, in a pod.
package protocol TaskExecutor: Sendable {
    /// Does the work of one attempt and returns when it is done.
    ///
    /// It is called in a Swift task of its own. When that is cancelled the executor must end the work and return or throw
    /// soon: the run waits for it. It must not block the thread that it is called on.
    /// - Parameters:
    ///   - attempt: what to do.
    ///   - report: takes news at any time, from any thread, until this returns.
    /// - Throws: `TaskFailure`, or any error, which counts as a failure that can be retried.
    func execute(_ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome

    /// Whether the work of this task begins as soon as `execute` is called. If not, the attempt is shown as queued, and its
    /// timeout does not count, until it reports `.began`.
    func beginsAtOnce(_ task: TaskDefinition) -> Bool

    /// The end of an attempt is in the store. What was kept in case that it would not get there may go. Must return at once.
    func attemptWasRecorded(_ attempt: TaskAttempt)
}

extension TaskExecutor {
    package func beginsAtOnce(_ task: TaskDefinition) -> Bool { true }
    package func attemptWasRecorded(_ attempt: TaskAttempt) {}
}

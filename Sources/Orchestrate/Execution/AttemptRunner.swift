/// Runs one attempt in the executor, and can end it alone.
struct AttemptRunner: Sendable {
    let attempt: TaskAttempt
    let executor: any TaskExecutor
    let mailbox: Mailbox
    let log: AttemptLog?
    let clock: any RunClock
    /// Finished when the attempt shall end.
    let cancellation: AsyncStream<Never>

    /// Runs the attempt and tells the mailbox how it ended.
    func run() async {
        let result = await withTaskGroup(of: Result<TaskOutcome, TaskFailure>?.self) { group in
            group.addTask { await execute() }
            group.addTask {
                for await _ in cancellation {}
                return nil
            }
            var result: Result<TaskOutcome, TaskFailure>?
            while let ended = await group.next() {
                // Whichever came first, the other has nothing to wait for any more.
                group.cancelAll()
                if let ended { result = ended }
            }
            return result
        }
        mailbox.send(.attemptEnded(attempt.key, result ?? .failure(TaskFailure("the attempt did not run"))))
    }

    private func execute() async -> Result<TaskOutcome, TaskFailure> {
        let key = attempt.key
        do {
            let outcome = try await executor.execute(attempt) { [mailbox, log, clock] report in
                if case .log(var line) = report {
                    let now = clock.now()
                    line.time = line.time ?? now
                    log?.append(line, at: now)
                    mailbox.send(.report(key, .log(line)))
                } else {
                    mailbox.send(.report(key, report))
                }
            }
            return .success(outcome)
        } catch {
            return .failure(TaskFailure(error))
        }
    }
}

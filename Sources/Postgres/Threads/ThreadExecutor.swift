/// Runs the jobs of an actor, and closures, one after the other on a thread of its own, which therefore may block.
///
/// ```swift
/// actor Worker {
///     private let thread = ThreadExecutor(name: "worker")
///     nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
///     deinit { thread.stop() }
/// }
/// ```
/// The thread starts with the first job and lives until ``stop()``; whoever made the executor calls that. What is
/// enqueued after `stop()` still runs, on a thread that ends with it.
package final class ThreadExecutor: SerialExecutor {
    private enum Job: Sendable {
        case job(UnownedJob)
        case work(@Sendable () -> Void)
    }

    private struct State: Sendable {
        var jobs: [Job] = []
        var hasThread = false
        var isStopping = false
    }

    private let name: String
    private let stackSize: Int
    private let monitor = Monitor(State())

    /// - Parameter stackSize: in bytes; what deep recursion runs on needs more than the default.
    package init(name: String, stackSize: Int = 512 << 10) {
        self.name = name
        self.stackSize = stackSize
    }

    package func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Runs `body` on the thread after what is already enqueued, and waits for it without blocking the caller.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            add(.work { continuation.resume(with: Result(catching: body)) })
        }
    }

    /// Runs `body` on the thread after what is already enqueued, and does not wait.
    package func submit(_ body: @escaping @Sendable () -> Void) { add(.work(body)) }

    /// Ends the thread once all that is enqueued has run. Does not wait for that.
    package func stop() { monitor.update { $0.isStopping = true } }

    private func add(_ job: Job) {
        let needsThread = monitor.update { state in
            state.jobs.append(job)
            defer { state.hasThread = true }
            return !state.hasThread
        }
        // The thread holds the executor, so that it cannot vanish under a running job.
        if needsThread { BackgroundThread.start(name: name, stackSize: stackSize) { self.runJobs() } }
    }

    private func runJobs() {
        while true {
            let batch: [Job] = monitor.wait(until: { !$0.jobs.isEmpty || $0.isStopping }) { state in
                defer { state.jobs = [] }
                if state.jobs.isEmpty { state.hasThread = false }
                return state.jobs
            }
            if batch.isEmpty { return }
            for job in batch {
                switch job {
                case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
                case .work(let body): body()
                }
            }
        }
    }
}

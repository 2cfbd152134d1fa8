import Synchronization

@testable import Orchestrate

/// Pipelines that a test makes up.
final class FakeProvider: PipelineProvider {
    private let state: Mutex<(pipelines: [ScheduledPipeline], isNew: Bool)>
    let executor: any TaskExecutor
    let failure: (any Error)?

    init(_ pipelines: [ScheduledPipeline], executor: any TaskExecutor = FakeExecutor(), failure: (any Error)? = nil) {
        state = Mutex((pipelines, true))
        self.executor = executor
        self.failure = failure
    }

    func set(_ pipelines: [ScheduledPipeline]) { state.withLock { $0 = (pipelines, true) } }

    func pipelines() async throws -> [ScheduledPipeline]? {
        state.withLock { state in
            defer { state.isNew = false }
            return state.isNew ? state.pipelines : nil
        }
    }

    func prepare(_ pipeline: PipelineID, for request: RunRequest) async throws -> PreparedRun {
        if let failure { throw failure }
        let definition = state.withLock { $0.pipelines.first { $0.definition.id == pipeline }?.definition }
        guard let definition else { throw OrchestrateError(.badValue, "no such pipeline") }
        return PreparedRun(graph: try TaskGraph(definition), executor: executor)
    }
}

/// A scheduler that runs as long as `body` does, and what it says.
struct SchedulerHarness {
    let scheduler: Scheduler
    let store: SQLiteStore
    private let events: EventWaiter

    /// - Parameter body: watches; when it returns the scheduler is stopped, and has stopped when this returns.
    static func run(
        _ provider: FakeProvider, store: SQLiteStore, clock: any RunClock = SystemRunClock(),
        _ body: @escaping @Sendable (SchedulerHarness) async throws -> Void
    ) async throws {
        let scheduler = Scheduler(store: store, provider: provider, clock: clock)
        let harness = SchedulerHarness(scheduler: scheduler, store: store, events: EventWaiter(scheduler.events()))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await scheduler.run() }
            do {
                try await body(harness)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            while let result = await group.nextResult() { try result.get() }
        }
    }

    /// Waits until something has been said that `wanted` is looking for.
    @discardableResult
    func waitFor(_ wanted: @Sendable (SchedulerEvent) -> Bool) async throws -> SchedulerEvent {
        try await events.waitFor(wanted)
    }

    @discardableResult
    func waitForEnd(of run: String) async throws -> RunResult {
        let event = try await waitFor { event in
            if case .run(let event) = event, event.run.name == run, case .runFinished = event.kind { true } else { false }
        }
        guard case .run(let event) = event, case .runFinished(let result) = event.kind else { throw CancellationError() }
        return result
    }

    func waitForTask(_ task: TaskID, started run: String) async throws {
        try await waitFor { event in
            if case .run(let event) = event, event.run.name == run, case .taskStarted(let key) = event.kind {
                key.task == task
            } else {
                false
            }
        }
    }
}

/// Takes events in order.
actor EventWaiter {
    private var iterator: AsyncStream<SchedulerEvent>.Iterator
    private var seen: [SchedulerEvent] = []

    init(_ events: AsyncStream<SchedulerEvent>) { iterator = events.makeAsyncIterator() }

    func waitFor(_ wanted: @Sendable (SchedulerEvent) -> Bool) async throws -> SchedulerEvent {
        if let place = seen.firstIndex(where: wanted) { return seen.remove(at: place) }
        var iterator = iterator
        while let event = await iterator.next(isolation: self) {
            self.iterator = iterator
            if wanted(event) { return event }
            seen.append(event)
        }
        throw CancellationError()
    }
}

/// Lets tasks wait until the test opens it.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [Int: CheckedContinuation<Void, any Error>], next: Int)>((false, [:], 0))

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting[number] = continuation }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        let continuation = state.withLock { $0.waiting.removeValue(forKey: number) }
        continuation?.resume(throwing: CancellationError())
    }
}

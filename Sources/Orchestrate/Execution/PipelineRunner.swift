/// Runs pipelines here and now.
///
/// ```swift
/// let store = try SQLiteStore(path: ".leat/leat.db")
/// let runner = PipelineRunner(store: store, executor: executor, logDirectory: ".leat/logs")
/// let result = try await runner.run(pipeline) { event in
///     if case .taskFinished(let task) = event.kind { print(task.id, task.state) }
/// }
/// exit(result.hasFailures ? 1 : 0)
/// ```
package struct PipelineRunner: Sendable {
    let store: any MetadataStore
    let executor: any TaskExecutor
    let clock: any RunClock
    let logDirectory: String?
    let ending: Ending
    let slots: SlotBroker
    let observers: [any RunObserver]

    /// What the cancellation of the Swift task does to the run.
    package enum Ending: Sendable {
        /// It is cancelled.
        case cancel
        /// What is under way is ended without prejudice, and the run can be taken up again.
        case suspend
    }

    /// - Parameters:
    ///   - logDirectory: where the logs of attempts are written; nil keeps none.
    ///   - observers: hear what happens; whoever makes the runner drains them.
    package init(
        store: any MetadataStore, executor: any TaskExecutor, clock: any RunClock = SystemRunClock(),
        logDirectory: String? = nil, ending: Ending = .cancel,
        slots: SlotBroker = SlotBroker(), observers: [any RunObserver] = []
    ) {
        self.store = store
        self.executor = executor
        self.clock = clock
        self.logDirectory = logDirectory
        self.ending = ending
        self.slots = slots
        self.observers = observers
    }

    /// Runs a pipeline to its end.
    ///
    /// Cancelling the Swift task that this is called in ends the run: nothing more starts, what is under way is cancelled and
    /// awaited, and the result, `cancelled`, is recorded and returned as any other.
    /// - Parameters:
    ///   - hearsCommands: whether other processes may cancel, clear and mark through the store. Only for the one run of an
    ///     instance of the store.
    ///   - events: hears what happens, one event at a time and in order; it should return soon.
    /// - Throws: `OrchestrateError` where the definition is wrong, where the pipeline has as many open runs as it may, in any
    ///   process, or where the store fails; in the last case the run has been stopped.
    package func run(
        _ pipeline: PipelineDefinition, request: RunRequest = RunRequest(), hearsCommands: Bool = false,
        events: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws -> RunResult {
        try await run(try TaskGraph(pipeline), request: request, hearsCommands: hearsCommands, events: events)
    }

    /// Runs a pipeline that has been checked already.
    package func run(
        _ graph: TaskGraph, request: RunRequest = RunRequest(), hearsCommands: Bool = false,
        events: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws -> RunResult {
        var request = request
        request.parameters = try graph.definition.parameters(from: request.parameters)
        var loop = RunLoop(graph: graph, request: request, runner: self, events: events)
        try await store.create(loop.book.run, tasks: loop.book.tasks, maxActiveRuns: graph.definition.maxActiveRuns)
        if hearsCommands, let store = store as? any SchedulingStore { try loop.listen(to: store) }
        switch try await loop.run() {
        case .finished(let result): return result
        case .suspended: throw CancellationError()
        }
    }
}

import Diagnostics

/// Starts the runs that schedules and people ask for, and sees them through.
///
/// It belongs to no server and no terminal: who owns it runs it, watches `events()`, and asks for things through the store,
/// with a `RunControl`, as other processes do.
///
/// ```swift
/// let scheduler = Scheduler(store: store, provider: pipelines, logDirectory: ".leat/logs")
/// Task { for await event in scheduler.events() { print(event) } }
/// try await scheduler.run()   // until the task is cancelled
/// ```
///
/// A store has one scheduler at a time. When its process dies, the next one takes up its runs: attempts that were under way
/// have failed and are tried again as the tasks' retries allow.
package final class Scheduler: Sendable {
    enum Signal: Sendable {
        /// The moment that the loop waits for has come.
        case wake
        /// Somebody has changed the store.
        case ring
        /// It is time to look at the store and the definitions, should a ring have been lost.
        case tick
        case runEnded(RunID)
        case startRefused(PipelineID, RunRequest)
        case stop
    }

    let store: any SchedulingStore & DataEventStore
    let provider: any PipelineProvider
    let clock: any RunClock
    let logDirectory: String?
    let observers: [any RunObserver]
    /// Slots of pools, over all runs.
    package let slots: SlotBroker
    let hub: EventHub<SchedulerEvent>
    let signals = SignalQueue<Signal>()

    /// How often it looks without having been rung at.
    static let tickInterval = Duration.seconds(5)
    /// How long a run that found no room waits.
    static let refusalPause = Duration.seconds(1)

    /// - Parameters:
    ///   - logDirectory: where the logs of attempts are written; nil keeps none.
    ///   - observers: hear what happens in all runs.
    ///   - hub: where its events are told; others may tell theirs there too.
    package init(
        store: any SchedulingStore & DataEventStore, provider: any PipelineProvider, clock: any RunClock = SystemRunClock(),
        logDirectory: String? = nil, slots: SlotBroker = SlotBroker(), observers: [any RunObserver] = [],
        hub: EventHub<SchedulerEvent> = EventHub()
    ) {
        self.store = store
        self.provider = provider
        self.clock = clock
        self.logDirectory = logDirectory
        self.slots = slots
        self.observers = observers
        self.hub = hub
    }

    /// What happens from now on, until the scheduler has stopped.
    /// - Parameter limit: how many events wait for a slow listener; older ones are lost to it.
    package func events(limit: Int = 10_000) -> AsyncStream<SchedulerEvent> { hub.listen(limit: limit) }

    /// Obeys the schedules until the calling task is cancelled. Then it ends what is under way, gives the runs back to the
    /// store for the next scheduler, and returns.
    /// - Throws: `OrchestrateError` with code `scheduler.running` where the store has a scheduler, or where the definitions or
    ///   the store cannot be read to begin with.
    package func run() async throws {
        try store.claimScheduler()
        defer {
            store.resignScheduler()
            hub.finish()
        }
        let rings = try store.rings()
        try await store.closeOrphans()
        var loop = SchedulerLoop(self)
        try await loop.prepare()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { [signals] in
                    for await _ in rings { signals.send(.ring) }
                }
                group.addTask { [signals, clock] in
                    while (try? await clock.sleep(until: clock.now() + Scheduler.tickInterval)) != nil { signals.send(.tick) }
                }
                await loop.run(&group)
                group.cancelAll()
            }
        } onCancel: {
            signals.send(.stop)
        }
        for observer in observers { await observer.drain() }
        hub.send(.stopped)
    }

    /// Has it look at the store at once.
    package func wake() { signals.send(.ring) }

    func report(_ error: any Error) {
        if error is CancellationError { return }
        if let error = error as? any UserFacingError {
            hub.send(.problem(error))
        } else {
            hub.send(.problem(OrchestrateError(.storeFailed, "\(error)")))
        }
    }
}

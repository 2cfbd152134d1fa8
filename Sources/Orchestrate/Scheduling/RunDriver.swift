import Diagnostics

/// Sees one run of a scheduler through: makes it its own, prepares it, runs it.
struct RunDriver: Sendable {
    let scheduler: Scheduler
    let definition: PipelineDefinition
    let request: RunRequest
    let id: RunID
    /// Whether the store has the run already.
    let isWaiting: Bool
    let mailbox: Mailbox

    private var store: any SchedulingStore { scheduler.store }

    /// Returns when the run is over or put down, and has told the scheduler so.
    func drive() async {
        do {
            guard let record = try await acquire() else {
                scheduler.signals.send(.runEnded(id))
                return
            }
            await run(record)
            scheduler.signals.send(.runEnded(id))
        } catch let error as OrchestrateError where error.kind == .tooManyRuns {
            scheduler.signals.send(.startRefused(id.pipeline, request))
        } catch {
            scheduler.report(error)
            scheduler.signals.send(.runEnded(id))
        }
    }

    /// The run's record, which is this process's from then on; nil where somebody else has it, or has ended it.
    private func acquire() async throws -> RunRecord? {
        if isWaiting { return try await store.claim(id, maxActiveRuns: definition.maxActiveRuns) }
        let record = RunRecord(id: id, request: request, queuedAt: scheduler.clock.now(), isManaged: true)
        try await store.create(record, tasks: [], maxActiveRuns: definition.maxActiveRuns)
        return record
    }

    private func run(_ record: RunRecord) async {
        var record = record
        let prepared: PreparedRun
        do {
            prepared = try await scheduler.provider.prepare(id.pipeline, for: request)
            record.parameters = try prepared.graph.definition.parameters(from: record.parameters)
        } catch {
            await fail(record, error)
            return
        }
        do {
            let known = isWaiting ? try await store.tasks(of: id) : []
            let runner = PipelineRunner(
                store: store, executor: prepared.executor, clock: scheduler.clock, logDirectory: scheduler.logDirectory,
                ending: .suspend, slots: scheduler.slots, observers: scheduler.observers)
            var loop = RunLoop(
                graph: prepared.graph, record: record, tasks: known, runner: runner, mailbox: mailbox,
                events: { [hub = scheduler.hub] in hub.send(.run($0)) })
            try await store.replaceTasks(of: id, with: loop.book.tasks + loop.book.removed(from: known))
            if case .suspended = try await loop.run() { await putDown() }
        } catch {
            if error is CancellationError { await putDown() } else { scheduler.report(error) }
        }
        await prepared.finish()
    }

    private func putDown() async {
        do {
            try await store.release(id)
            scheduler.hub.send(.runSuspended(id))
        } catch {
            scheduler.report(error)
        }
    }

    /// Records that a run could not even begin.
    private func fail(_ record: RunRecord, _ error: any Error) async {
        if error is CancellationError || Task.isCancelled { return await putDown() }
        var record = record
        let failure = TaskFailure(error)
        let now = scheduler.clock.now()
        record.state = .failed
        record.startedAt = record.startedAt ?? now
        record.finishedAt = now
        record.reason = failure.description
        do {
            try await store.record(RunChanges(id: id, run: record))
        } catch {
            scheduler.report(error)
        }
        let result = RunResult(
            id: id, state: .failed, reason: record.reason, startedAt: record.startedAt ?? now, finishedAt: now, tasks: [])
        let event = RunEvent(run: id, time: now, kind: .runFinished(result))
        scheduler.hub.send(.run(event))
        for observer in scheduler.observers { observer.observe(event, of: ObservedRun(definition: definition, record: record)) }
    }
}

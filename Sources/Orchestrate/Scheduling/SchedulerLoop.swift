/// Drives the state machine of the scheduler: takes signals, starts runs, looks at the store.
struct SchedulerLoop {
    private let scheduler: Scheduler
    private var machine = SchedulerStateMachine()
    private var pipelines: [PipelineID: ScheduledPipeline] = [:]
    private var pauses: [PipelineID: Bool] = [:]
    /// Where the runs under way hear of commands.
    private var running: [RunID: Mailbox] = [:]
    /// Waiting runs that the machine knows of.
    private var waiting: Set<RunID> = []
    private var pending: [SchedulerStateMachine.Action] = []
    private var wakeAt: Timestamp?
    private var isStopping = false
    /// The newest change of data that was looked at.
    private var lastDataEvent: Int64 = -1
    /// The pipelines that wait for data, in order.
    private var dataPipelines: [PipelineID] = []
    /// Whether some changes are held back: their pipelines are paused, or wait for a run to begin.
    private var holdsData = false

    init(_ scheduler: Scheduler) { self.scheduler = scheduler }

    private var now: Timestamp { scheduler.clock.now() }
    private var store: any SchedulingStore & DataEventStore { scheduler.store }

    /// Reads the definitions and what is left over.
    /// - Throws: what is wrong with either.
    mutating func prepare() async throws {
        pauses = try await store.pauses()
        let intervals = try await store.lastIntervals()
        for pipeline in try await scheduler.provider.pipelines() ?? [] {
            pipelines[pipeline.definition.id] = pipeline
        }
        // What was under way counts before anything new starts.
        let resumed = try await store.waitingRuns().filter { $0.state == .running && pipelines[$0.id.pipeline] != nil }
        for (id, pipeline) in pipelines.sorted(by: { $0.key < $1.key }) {
            let active = resumed.filter { $0.id.pipeline == id }.map(\.id.name)
            send(
                .pipelineSet(
                    pipeline.definition, isPaused: isPaused(id),
                    history: .init(lastInterval: intervals[id], activeRuns: Set(active))))
        }
        for run in resumed {
            waiting.insert(run.id)
            send(.runResumed(run.id, backfill: run.backfill?.name))
            pending.append(.startRun(run.id.pipeline, run.request))
        }
        try await watchData()
        scheduler.hub.send(.started(pipelines: pipelines.count, resumedRuns: resumed.count))
        await takeData()
        await takeWaiting()
    }

    /// Runs until it has been told to stop and nothing is under way any more.
    mutating func run(_ group: inout DiscardingTaskGroup) async {
        while true {
            perform(&group)
            if isStopping, running.isEmpty { return }
            for signal in await scheduler.signals.take() { await take(signal) }
        }
    }

    private mutating func take(_ signal: Scheduler.Signal) async {
        switch signal {
        case .wake:
            wakeAt = nil
            send(.woke)
        case .ring: await lookAtStore()
        case .tick:
            send(.woke)
            await lookAtDefinitions()
            await lookAtStore()
        case .runEnded(let run):
            running[run] = nil
            waiting.remove(run)
            send(.runFinished(run))
            // What somebody wanted of the run in its last moment is done to the record.
            await deliverCommands()
            await takeAgain(run)
            // Its end may be a change that others wait for.
            if !dataPipelines.isEmpty {
                await takeData()
                await takeWaiting()
            }
        case .startRefused(let pipeline, let request):
            if let name = request.name { running[RunID(pipeline: pipeline, name: name)] = nil }
            send(.startRefused(pipeline, request, until: now + Scheduler.refusalPause))
        case .stop: isStopping = true
        }
    }

    private mutating func send(_ event: SchedulerStateMachine.Event) {
        guard !isStopping else { return }
        pending += machine.handle(event, at: now)
    }

    // MARK: Looking

    private mutating func lookAtDefinitions() async {
        do {
            guard let read = try await scheduler.provider.pipelines() else { return }
            let intervals = try await store.lastIntervals()
            let ids = Set(read.map(\.definition.id))
            for id in pipelines.keys where !ids.contains(id) {
                pipelines[id] = nil
                send(.pipelineRemoved(id))
            }
            for pipeline in read {
                let id = pipeline.definition.id
                pipelines[id] = pipeline
                send(
                    .pipelineSet(
                        pipeline.definition, isPaused: isPaused(id), history: .init(lastInterval: intervals[id])))
            }
            try await watchData()
            scheduler.hub.send(.pipelinesChanged(count: read.count))
        } catch {
            scheduler.report(error)
        }
    }

    private mutating func lookAtStore() async {
        guard !isStopping else { return }
        await deliverCommands()
        do {
            let before = pauses
            pauses = try await store.pauses()
            for (id, isPaused) in pauses where before[id] != isPaused && pipelines[id] != nil {
                send(.pauseChanged(id, isPaused: isPaused))
                scheduler.hub.send(.pauseChanged(id, isPaused: isPaused))
            }
        } catch {
            scheduler.report(error)
        }
        await takeData()
        await takeWaiting()
    }

    private var dataConditions: [(id: PipelineID, condition: DataCondition)] {
        dataPipelines.compactMap { id in pipelines[id]?.definition.data.map { (id, $0) } }
    }

    /// Pipelines that wait for data look at what happens from now on.
    private mutating func watchData() async throws {
        dataPipelines = pipelines.values.filter { $0.definition.data != nil }.map(\.definition.id).sorted()
        holdsData = true
        try await store.watchData(for: dataPipelines)
    }

    /// Asks for the runs that changes of data bring about.
    private mutating func takeData() async {
        guard !isStopping, !dataPipelines.isEmpty else { return }
        do {
            let latest = try await store.latestDataEvent()
            guard latest != lastDataEvent || holdsData else { return }
            holdsData = false
            for (id, condition) in dataConditions {
                guard !isPaused(id), pipelines[id]?.definition.isOpen(at: now) == true else {
                    holdsData = true
                    continue
                }
                if case .held = try await store.takeData(for: id, condition, at: now) { holdsData = true }
            }
            lastDataEvent = latest
        } catch {
            scheduler.report(error)
        }
    }

    private func deliverCommands() async {
        do {
            for (run, command) in try await store.takeCommands() { running[run]?.send(.command(command)) }
        } catch {
            scheduler.report(error)
        }
    }

    /// Hands runs that wait in the store to the machine.
    private mutating func takeWaiting() async {
        guard !isStopping else { return }
        do {
            for run in try await store.waitingRuns() { take(run) }
        } catch {
            scheduler.report(error)
        }
    }

    /// A run that has just ended may have been reopened in that moment.
    private mutating func takeAgain(_ id: RunID) async {
        guard !isStopping else { return }
        do {
            if let run = try await store.waitingRun(id) { take(run) }
        } catch {
            scheduler.report(error)
        }
    }

    private mutating func take(_ run: RunRecord) {
        guard !waiting.contains(run.id), running[run.id] == nil, pipelines[run.id.pipeline] != nil else { return }
        waiting.insert(run.id)
        scheduler.hub.send(.runQueued(run.id))
        if run.state == .running {
            send(.runResumed(run.id, backfill: run.backfill?.name))
            pending.append(.startRun(run.id.pipeline, run.request))
        } else {
            send(.triggered(run.id.pipeline, run.request))
        }
    }

    private func isPaused(_ id: PipelineID) -> Bool { pauses[id] ?? pipelines[id]?.startsPaused ?? false }

    // MARK: Acting

    private mutating func perform(_ group: inout DiscardingTaskGroup) {
        for action in pending {
            switch action {
            case .startRun(let pipeline, let request):
                if !isStopping { start(pipeline, request, &group) }
            case .wake(let moment?): sleep(until: moment, &group)
            case .wake(nil): break
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func start(_ id: PipelineID, _ request: RunRequest, _ group: inout DiscardingTaskGroup) {
        guard let definition = pipelines[id]?.definition, let name = request.name else { return }
        let run = RunID(pipeline: id, name: name)
        let mailbox = Mailbox()
        running[run] = mailbox
        let driver = RunDriver(
            scheduler: scheduler, definition: definition, request: request, id: run, isWaiting: waiting.contains(run),
            mailbox: mailbox)
        group.addTask { await driver.drive() }
    }

    private mutating func sleep(until moment: Timestamp, _ group: inout DiscardingTaskGroup) {
        guard !isStopping, wakeAt.map({ moment < $0 }) != false else { return }
        wakeAt = moment
        group.addTask { [clock = scheduler.clock, signals = scheduler.signals] in
            try? await clock.sleep(until: moment)
            signals.send(.wake)
        }
    }
}

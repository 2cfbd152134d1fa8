/// Decides which runs of which pipelines begin when, as a value: events go in, what is to be done comes out.
///
/// It reads no clock and starts nothing. Who drives it starts the runs that it names, says when they have ended, and sends
/// `woke` at the moment that it asks for. An event costs time in the number of runs it starts, whatever the number of
/// pipelines.
package struct SchedulerStateMachine: Sendable {
    /// What can happen.
    package enum Event: Sendable {
        /// A pipeline is there, or has changed.
        case pipelineSet(PipelineDefinition, isPaused: Bool, history: History)
        case pipelineRemoved(PipelineID)
        case pauseChanged(PipelineID, isPaused: Bool)
        /// Somebody asks for a run. It waits while the pipeline is paused or has as many runs as it may.
        case triggered(PipelineID, RunRequest)
        /// A run that was under way before is taken up again; it counts whatever the limits.
        case runResumed(RunID, backfill: String? = nil)
        case runFinished(RunID)
        /// A run that was to start has no room after all; nothing of the pipeline starts before `until`.
        case startRefused(PipelineID, RunRequest, until: Timestamp)
        case woke
    }

    /// What is to be done.
    package enum Action: Sendable, Hashable {
        /// The request has its name.
        case startRun(PipelineID, RunRequest)
        /// Nothing happens by itself before this moment; replaces the one said before. nil for never.
        case wake(at: Timestamp?)
    }

    /// What the store knows of a pipeline when it is first seen.
    package struct History: Sendable, Hashable {
        /// The interval of the last run that time brought about.
        package var lastInterval: DataInterval?
        /// The names of its open runs.
        package var activeRuns: Set<String>

        package init(lastInterval: DataInterval? = nil, activeRuns: Set<String> = []) {
            self.lastInterval = lastInterval
            self.activeRuns = activeRuns
        }
    }

    struct Entry: Sendable {
        var definition: PipelineDefinition
        var isPaused: Bool
        var lastInterval: DataInterval?
        var activeRuns: Set<String>
        var requests: [RunRequest] = []
        var blockedUntil: Timestamp?
        /// The backfills that active runs belong to.
        var activeBackfills: [String: String] = [:]

        var hasRoom: Bool { !isPaused && activeRuns.count < definition.maxActiveRuns }
    }

    private var entries: [PipelineID: Entry] = [:]
    private var due = TimerQueue<PipelineID>()
    private var wakeAt: Timestamp?

    package init() {}

    /// Takes in what happened, and says what is to be done.
    package mutating func handle(_ event: Event, at now: Timestamp) -> [Action] {
        var actions: [Action] = []
        var isAwake = false
        switch event {
        case .pipelineSet(let definition, let isPaused, let history):
            var entry = Entry(
                definition: definition, isPaused: isPaused, lastInterval: history.lastInterval, activeRuns: history.activeRuns)
            if let known = entries[definition.id] {
                entry.lastInterval = known.lastInterval ?? history.lastInterval
                entry.activeRuns = known.activeRuns
                entry.requests = known.requests
                entry.blockedUntil = known.blockedUntil
                entry.activeBackfills = known.activeBackfills
            }
            entries[definition.id] = entry
            plan(definition.id, at: now, &actions)
        case .pipelineRemoved(let id):
            entries[id] = nil
            due.cancel(id)
        case .pauseChanged(let id, let isPaused):
            entries[id]?.isPaused = isPaused
            plan(id, at: now, &actions)
        case .triggered(let id, let request):
            entries[id]?.requests.append(request)
            plan(id, at: now, &actions)
        case .runResumed(let run, let backfill):
            entries[run.pipeline]?.activeRuns.insert(run.name)
            entries[run.pipeline]?.activeBackfills[run.name] = backfill
        case .startRefused(let id, let request, let until):
            if let name = request.name {
                entries[id]?.activeRuns.remove(name)
                entries[id]?.activeBackfills[name] = nil
            }
            entries[id]?.requests.insert(request, at: 0)
            entries[id]?.blockedUntil = until
            plan(id, at: now, &actions)
        case .runFinished(let run):
            guard entries[run.pipeline]?.activeRuns.remove(run.name) != nil else { break }
            entries[run.pipeline]?.activeBackfills[run.name] = nil
            plan(run.pipeline, at: now, &actions)
        case .woke: isAwake = true
        }
        while let id = due.popDue(at: now) { plan(id, at: now, &actions) }
        let next = due.next()
        // Who has woken needs to be told again, even if it was for a moment that has moved on meanwhile.
        if next != wakeAt || !actions.isEmpty || (isAwake && next != nil) {
            wakeAt = next
            actions.append(.wake(at: next))
        }
        return actions
    }

    /// Starts what may start of one pipeline, and notes when to look at it again.
    private mutating func plan(_ id: PipelineID, at now: Timestamp, _ actions: inout [Action]) {
        due.cancel(id)
        guard var entry = entries[id] else { return }
        defer { entries[id] = entry }
        if let until = entry.blockedUntil, until > now {
            due.schedule(id, at: until)
            return
        }
        entry.blockedUntil = nil
        while entry.hasRoom {
            // What people ask for comes first, then what is due, and backfills take the room that is left.
            if let place = entry.requests.firstIndex(where: { $0.backfill == nil }) {
                start(entry.requests.remove(at: place), of: &entry, at: now, &actions)
                continue
            }
            if entry.definition.schedule == .continuous, entry.activeRuns.isEmpty, entry.definition.isOpen(at: now) {
                start(RunRequest(kind: .scheduled, logicalDate: now, dueAt: now), of: &entry, at: now, &actions)
                continue
            }
            let next = entry.nextInterval(at: now)
            guard let interval = next, interval.end <= now else {
                if let place = entry.requests.firstIndex(where: { entry.hasRoom(for: $0) }) {
                    start(entry.requests.remove(at: place), of: &entry, at: now, &actions)
                    continue
                }
                if let next { due.schedule(id, at: next.end) }
                return
            }
            entry.lastInterval = interval
            // A run that makes up for the past is not late.
            let isCurrent = entry.nextInterval(at: now).map { $0.end > now } != false
            let request = RunRequest(
                kind: .scheduled, logicalDate: interval.start, dataInterval: interval, dueAt: isCurrent ? interval.end : nil)
            start(request, of: &entry, at: now, &actions)
        }
    }

    private func start(_ request: RunRequest, of entry: inout Entry, at now: Timestamp, _ actions: inout [Action]) {
        var request = request
        let base = request.runName(at: now)
        var name = base
        var count = 1
        while request.name == nil, entry.activeRuns.contains(name) {
            count += 1
            name = "\(base)_\(count)"
        }
        request.name = name
        // What does not fit is found when the run is made ready, and is its failure.
        if let parameters = try? entry.definition.parameters(from: request.parameters) { request.parameters = parameters }
        entry.activeRuns.insert(name)
        if let backfill = request.backfill { entry.activeBackfills[name] = backfill.name }
        actions.append(.startRun(entry.definition.id, request))
    }
}

extension SchedulerStateMachine.Entry {
    /// Whether a request's backfill has fewer runs under way than it may.
    fileprivate func hasRoom(for request: RunRequest) -> Bool {
        guard let backfill = request.backfill, let limit = backfill.maxActiveRuns else { return true }
        return activeBackfills.values.count { $0 == backfill.name } < limit
    }

    fileprivate func nextInterval(at now: Timestamp) -> DataInterval? {
        definition.schedule.nextInterval(
            after: lastInterval, start: definition.startDate, end: definition.endDate, catchup: definition.catchup, now: now)
    }
}

extension PipelineDefinition {
    /// Whether a moment lies between start date and end date.
    func isOpen(at now: Timestamp) -> Bool {
        startDate.map { $0 <= now } != false && endDate.map { now <= $0 } != false
    }
}

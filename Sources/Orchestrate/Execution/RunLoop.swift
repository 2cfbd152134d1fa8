/// Drives the state machine of one run: takes news from the mailbox, carries out actions, writes the store, tells who watches.
struct RunLoop {
    private let graph: TaskGraph
    private let runner: PipelineRunner
    private let events: @Sendable (RunEvent) -> Void
    private let context: RunContext
    private let outputs = TaskOutputs()
    private let mailbox: Mailbox
    private(set) var book: RunBook
    private var machine: RunStateMachine
    private var timers = TimerQueue<RunTimer>()
    /// When the sleeper that will wake the loop first is due.
    private var wakeAt: Timestamp?
    private var cancellations: [AttemptKey: AsyncStream<Never>.Continuation] = [:]
    private var logs: [AttemptKey: AttemptLog] = [:]
    /// Attempts to hand to the executor once the store knows of them.
    private var starting: [AttemptKey] = []
    /// How those of them stand that another process has begun.
    private var resumptions: [AttemptKey: TaskAttempt.Resumption] = [:]
    private var detachments: [AttemptKey: Detachment] = [:]
    /// Attempts whose end the executor is to hear of once it is in the store.
    private var recorded: [AttemptKey] = []
    private var ending: [AttemptKey] = []
    /// Tasks whose counterparts in the run before are to be looked at.
    private var pastChecks: [TaskID] = []
    /// Data that attempts say they have changed, until they have ended well.
    private var updates: [AttemptKey: [DataUpdate]] = [:]
    /// What to tell once the store knows of it.
    private var news: [RunEvent.Kind] = []
    private var hasNewStates = false
    private var lastFlush: Timestamp
    private var isCancelSeen = false
    private var commands: (any SchedulingStore, AsyncStream<Void>)?
    private var storeFailure: (any Error)?
    private var end: RunEnd?

    /// How long progress may wait to be written.
    private static let progressInterval = Duration.milliseconds(500)

    /// A new run.
    init(
        graph: TaskGraph, request: RunRequest, runner: PipelineRunner, mailbox: Mailbox = Mailbox(),
        events: @escaping @Sendable (RunEvent) -> Void
    ) {
        let now = runner.clock.now()
        let id = RunID(pipeline: graph.definition.id, name: request.runName(at: now))
        let record = RunRecord(id: id, request: request, queuedAt: now, isManaged: runner.ending == .suspend)
        self.init(graph: graph, record: record, tasks: [], runner: runner, mailbox: mailbox, events: events)
    }

    /// A run that is in the store already; its tasks go on from where they stand.
    init(
        graph: TaskGraph, record: RunRecord, tasks: [TaskRecord], runner: PipelineRunner, mailbox: Mailbox = Mailbox(),
        events: @escaping @Sendable (RunEvent) -> Void
    ) {
        let now = runner.clock.now()
        self.graph = graph
        self.runner = runner
        self.mailbox = mailbox
        self.events = events
        context = RunContext(id: record.id, request: record.request, startedAt: record.startedAt ?? now)
        book = RunBook(graph: graph, run: record, tasks: tasks)
        var prior: [TaskID: RunStateMachine.Prior] = [:]
        for task in tasks {
            prior[task.result.id] = RunStateMachine.Prior(
                state: task.result.state, attempts: task.result.attempts, uncountedAttempts: task.result.uncountedAttempts,
                isLate: task.result.lateAt != nil)
            if task.result.state == .success { outputs.set(task.result.output, for: task.result.id) }
        }
        machine = RunStateMachine(
            graph: graph, dueAt: record.dueAt ?? record.startedAt ?? now, prior: prior, startedAt: record.startedAt,
            isLate: record.lateAt != nil, groupRetries: record.groupRetries, seed: UInt64(bitPattern: now.microseconds))
        lastFlush = now
    }

    /// Has it do what other processes ask for through the store.
    mutating func listen(to store: any SchedulingStore) throws { commands = (store, try store.rings()) }

    mutating func run() async throws -> RunEnd {
        // Not `self` in the handler: it may be called at any time.
        let mailbox = mailbox
        let result = await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in await loop(&group) }
        } onCancel: {
            mailbox.send(.cancel)
        }
        if let storeFailure { throw storeFailure }
        return result
    }

    private mutating func loop(_ group: inout DiscardingTaskGroup) async -> RunEnd {
        noteCancellation()
        if let commands { group.addTask { [mailbox, context] in await Self.relay(commands, of: context.id, to: mailbox) } }
        handle(.runStarted)
        while true {
            while let timer = timers.popDue(at: now) { handle(.timerFired(timer)) }
            await flush()
            if let end {
                group.cancelAll()
                return end
            }
            for key in starting {
                if ending.contains(key) {
                    mailbox.send(.attemptEnded(key, .failure(.stopped("stopped before it began"))))
                } else {
                    start(key, in: &group)
                }
            }
            for key in ending { cancellations[key]?.finish() }
            for task in pastChecks { checkPast(task, in: &group) }
            pastChecks.removeAll()
            starting.removeAll()
            ending.removeAll()
            sleepUntilNextTimer(in: &group)
            let batch = await mailbox.take()
            noteCancellation()
            for signal in batch.signals { take(signal) }
            if batch.omittedLines > 0 { news.append(.taskLogOmitted(lines: batch.omittedLines)) }
        }
    }

    private static func relay(_ commands: (any SchedulingStore, AsyncStream<Void>), of run: RunID, to mailbox: Mailbox) async {
        for await _ in commands.1 {
            for (id, command) in (try? await commands.0.takeCommands()) ?? [] where id == run { mailbox.send(.command(command)) }
        }
    }

    /// Hears of the cancellation of the whole before it hears of attempts that end for it.
    private mutating func noteCancellation() {
        guard Task.isCancelled, !isCancelSeen else { return }
        isCancelSeen = true
        switch runner.ending {
        case .cancel: handle(.cancelRequested(reason: "cancelled"))
        case .suspend: handle(.suspendRequested(reason: "the scheduler was stopped"))
        }
    }

    private var now: Timestamp { runner.clock.now() }

    // MARK: News coming in

    private mutating func take(_ signal: Mailbox.Signal) {
        switch signal {
        case .wake: wakeAt = nil
        case .cancel: break
        case .slotsGranted(let task): handle(.slotsGranted(task))
        case .pastChecked(let task, let reason): handle(.pastChecked(task, waitsBecause: reason))
        case .command(.cancel(let reason)): handle(.cancelRequested(reason: reason))
        case .command(.clear(let tasks)): handle(.tasksCleared(tasks))
        case .command(.mark(let tasks, let state)): handle(.tasksMarked(tasks, state))
        case .attemptEnded(let key, .success(let outcome)):
            noteOutcome(outcome, of: key)
            handle(.attemptSucceeded(key, outcome))
        case .attemptEnded(let key, .failure(let failure)): handle(.attemptFailed(key, failure))
        case .report(let key, .began): handle(.attemptStarted(key))
        case .report(let key, .progress(let progress)): noteProgress(progress, of: key)
        case .report(let key, .process(let process)):
            hasNewStates = true
            book.changeAttempt(key) { $0.process = process }
        case .report(let key, .log(let line)):
            if let path = logs[key]?.path { book.noteLog(path, of: key) }
            news.append(.taskLog(key, line))
        }
    }

    private mutating func noteProgress(_ progress: TaskProgress, of key: AttemptKey) {
        guard let index = graph.index(of: key.task) else { return }
        book.changeAttempt(key) { $0.add(rows: progress.rows, bytes: progress.bytes, message: progress.message) }
        book.changeTask(index) { $0.add(rows: progress.rows, bytes: progress.bytes, message: progress.message) }
        // Of several reports in a row only the last is of interest.
        if case .taskProgress(key, _) = news.last { news.removeLast() }
        news.append(.taskProgress(key, progress))
    }

    private mutating func noteOutcome(_ outcome: TaskOutcome, of key: AttemptKey) {
        guard let index = graph.index(of: key.task) else { return }
        outputs.set(outcome.output, for: key.task)
        updates[key] = outcome.isSkipped ? nil : outcome.updates + graph.tasks[index].outlets.map { DataUpdate($0) }
        book.changeAttempt(key) { $0.add(rows: outcome.rows, bytes: outcome.bytes, message: outcome.message) }
        book.changeTask(index) {
            $0.add(rows: outcome.rows, bytes: outcome.bytes, message: outcome.message)
            $0.output = outcome.output
        }
    }

    // MARK: Actions going out

    private mutating func handle(_ event: RunStateMachine.Event) {
        let now = now
        for action in machine.handle(event, at: now) { perform(action, at: now) }
    }

    private mutating func perform(_ action: RunStateMachine.Action, at now: Timestamp) {
        switch action {
        case .startAttempt(let key):
            hasNewStates = true
            book.addAttempt(key, at: now)
            starting.append(key)
            news.append(.taskQueued(key))
            if let index = graph.index(of: key.task) {
                book.changeTask(index) { $0.attempts = key.number }
                if runner.executor.beginsAtOnce(graph.tasks[index]) { handle(.attemptStarted(key)) }
            }
        case .resumeAttempt(let key, let resumption):
            hasNewStates = true
            book.addAttempt(key, at: now)
            resumptions[key] = resumption
            starting.append(key)
        case .letGoOfAttempt(let key):
            detachments[key]?.request()
            ending.append(key)
        case .attemptLetGo(let key): forget(key)
        case .cancelAttempt(let key, _): ending.append(key)
        case .attemptEnded(let key, let state, let failure): endAttempt(key, state, failure, at: now)
        case .taskChanged(let task, let state, let reason): changeTask(task, state, reason, at: now)
        case .scheduleTimer(let timer, let moment): timers.schedule(timer, at: moment)
        case .cancelTimer(let timer): timers.cancel(timer)
        case .acquireSlots(let task): acquireSlots(task)
        case .releaseSlots(let task): runner.slots.release(SlotOwner(run: context.id, task: task))
        case .checkPast(let task): pastChecks.append(task)
        case .reportLate(let task): reportLate(task, at: now)
        case .reportRunLate:
            hasNewStates = true
            book.changeRun { $0.lateAt = now }
            news.append(.runLate(deadline: machine.dueAt + (graph.definition.deadline ?? .zero)))
        case .groupRetried(let group, let count):
            hasNewStates = true
            book.changeRun { $0.groupRetries[group] = count == 0 ? nil : count }
        case .runChanged(let state):
            hasNewStates = true
            book.changeRun { run in
                run.state = state
                if state == .running { run.startedAt = run.startedAt ?? now }
            }
            if state == .running { news.append(.runStarted) }
        case .finishRun(let state, let reason): finish(state, reason, at: now)
        case .runSuspended: end = .suspended
        }
    }

    private mutating func changeTask(_ task: TaskID, _ state: TaskState, _ reason: String?, at now: Timestamp) {
        guard let index = graph.index(of: task) else { return }
        hasNewStates = true
        let key = AttemptKey(task: task, number: book.tasks[index].result.attempts)
        book.changeTask(index) { result in
            result.state = state
            if let reason { result.message = reason } else if state == .queued { result.message = nil }
            if state == .running, result.startedAt == nil { result.startedAt = now }
            result.finishedAt = state.isFinished ? now : nil
            result.nextAttemptAt = state == .upForRetry ? machine.retryMoment(of: task) : nil
            if state == .none || state == .upForRetry { result.uncountedAttempts = machine.uncountedAttempts(of: task) }
            if state == .none { result.startedAt = nil }
        }
        if state == .running {
            book.changeAttempt(key) { attempt in
                attempt.state = .running
                attempt.startedAt = now
            }
            news.append(.taskStarted(key))
        } else if state == .upForRetry {
            let failure = book.tasks[index].result.failure ?? TaskFailure(reason ?? "failed")
            news.append(.taskRetrying(key, failure, nextAttemptAt: machine.retryMoment(of: task)))
        } else if state.isFinished {
            news.append(.taskFinished(book.tasks[index].result))
        }
    }

    private mutating func endAttempt(_ key: AttemptKey, _ state: TaskState, _ failure: TaskFailure?, at now: Timestamp) {
        hasNewStates = true
        forget(key)
        recorded.append(key)
        book.changeAttempt(key) { attempt in
            attempt.state = state
            attempt.finishedAt = now
            attempt.failure = failure
            if let failure { attempt.message = failure.message }
        }
        if let index = graph.index(of: key.task) { book.changeTask(index) { $0.failure = failure } }
        for update in updates.removeValue(forKey: key) ?? [] where state == .success {
            book.addData(update, by: key.task, at: now)
        }
    }

    private mutating func forget(_ key: AttemptKey) {
        cancellations[key] = nil
        detachments[key] = nil
        logs.removeValue(forKey: key)?.finish()
    }

    private mutating func reportLate(_ task: TaskID, at now: Timestamp) {
        guard let index = graph.index(of: task), let deadline = graph.tasks[index].deadline else { return }
        hasNewStates = true
        book.changeTask(index) { $0.lateAt = now }
        news.append(.taskLate(task, deadline: machine.dueAt + deadline))
    }

    private mutating func finish(_ state: RunState, _ reason: String?, at now: Timestamp) {
        book.changeRun { run in
            run.finishedAt = now
            run.reason = reason
        }
        if state == .success {
            book.addData(DataUpdate(DataReference(.pipeline, context.id.pipeline.rawValue)), by: nil, at: now)
        }
        let result = RunResult(
            id: context.id, state: state, reason: reason, startedAt: book.run.startedAt ?? context.startedAt, finishedAt: now,
            tasks: book.tasks.map(\.result))
        end = .finished(result)
        news.append(.runFinished(result))
    }

    // MARK: Effects

    /// Writes what has changed, then tells it. Progress alone waits for something more important, or for half a second.
    private mutating func flush() async {
        if hasNewStates || now - lastFlush >= Self.progressInterval {
            hasNewStates = false
            lastFlush = now
            if let changes = book.takeChanges(), storeFailure == nil {
                do {
                    try await runner.store.record(changes)
                } catch {
                    storeFailure = error
                    handle(.cancelRequested(reason: "the metadata store failed"))
                }
            }
            if storeFailure == nil { tellRecorded() }
        }
        await noteRecovery()
        let now = now
        let observed = runner.observers.isEmpty ? nil : ObservedRun(definition: graph.definition, record: book.run)
        for kind in news {
            let event = RunEvent(run: context.id, time: now, kind: kind)
            events(event)
            if let observed { for observer in runner.observers { observer.observe(event, of: observed) } }
        }
        news.removeAll(keepingCapacity: true)
    }

    private mutating func tellRecorded() {
        for key in recorded {
            guard let index = graph.index(of: key.task) else { continue }
            runner.executor.attemptWasRecorded(TaskAttempt(run: context, task: graph.tasks[index], number: key.number))
        }
        recorded.removeAll()
    }

    /// Whether the run makes good what the one before it did not.
    private mutating func noteRecovery() async {
        guard case .runFinished(let result) = news.last, result.state == .success,
            let store = runner.store as? any SchedulingStore,
            let before = try? await store.runBefore(context.id, states: [.success, .failed]), before.state == .failed
        else { return }
        news.insert(.runRecovered(after: before.id), at: news.count - 1)
    }

    private mutating func start(_ key: AttemptKey, in group: inout DiscardingTaskGroup) {
        guard let index = graph.index(of: key.task) else { return }
        let (cancellation, canceller) = AsyncStream.makeStream(of: Never.self)
        cancellations[key] = canceller
        let log = runner.logDirectory.map { AttemptLog(directory: $0, run: context.id, attempt: key) }
        logs[key] = log
        let detachment = Detachment()
        detachments[key] = detachment
        let attempt = AttemptRunner(
            attempt: TaskAttempt(
                run: context, task: graph.tasks[index], number: key.number, outputs: outputs,
                resumption: resumptions.removeValue(forKey: key) ?? .none, logPath: log?.path,
                detachment: detachment),
            executor: runner.executor, mailbox: mailbox, log: log, clock: runner.clock, cancellation: cancellation)
        group.addTask { await attempt.run() }
    }

    private mutating func acquireSlots(_ task: TaskID) {
        guard let index = graph.index(of: task) else { return }
        let definition = graph.tasks[index]
        let isGranted = runner.slots.acquire(
            definition.claims, for: SlotOwner(run: context.id, task: task), priority: definition.priority
        ) { [mailbox] in mailbox.send(.slotsGranted(task)) }
        if isGranted {
            handle(.slotsGranted(task))
        } else {
            machine.noteWaiting(task)
            hasNewStates = true
            book.changeTask(index) { [reason = machine.explanation(of: task)] in $0.message = reason }
        }
    }

    private func checkPast(_ task: TaskID, in group: inout DiscardingTaskGroup) {
        group.addTask { [store = runner.store, context, mailbox] in
            let reason = await PastCheck(store: store, run: context).reason(for: task)
            mailbox.send(.pastChecked(task, waitsBecause: reason))
        }
    }

    private mutating func sleepUntilNextTimer(in group: inout DiscardingTaskGroup) {
        // In a cancelled task nothing sleeps, and the run only waits for what is under way.
        guard !Task.isCancelled, let moment = timers.next(), wakeAt.map({ moment < $0 }) != false else { return }
        wakeAt = moment
        group.addTask { [clock = runner.clock, mailbox] in
            try? await clock.sleep(until: moment)
            mailbox.send(.wake)
        }
    }
}

extension AttemptRecord {
    fileprivate mutating func add(rows: Int?, bytes: Int?, message: String?) {
        if let rows { self.rows = rows }
        if let bytes { self.bytes = bytes }
        if let message { self.message = message }
    }
}

extension TaskResult {
    fileprivate mutating func add(rows: Int?, bytes: Int?, message: String?) {
        if let rows { self.rows = rows }
        if let bytes { self.bytes = bytes }
        if let message { self.message = message }
    }
}

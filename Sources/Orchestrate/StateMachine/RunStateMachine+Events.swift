import Diagnostics

extension RunStateMachine {
    mutating func take(_ event: Event, at now: Timestamp) {
        switch event {
        case .runStarted: startRun(at: now)
        case .attemptStarted(let key): attemptStarted(key, at: now)
        case .attemptSucceeded(let key, let outcome): attemptSucceeded(key, outcome, at: now)
        case .attemptFailed(let key, let failure): attemptFailed(key, failure, at: now)
        case .timerFired(let timer): timerFired(timer, at: now)
        case .slotsGranted(let task): slotsGranted(task)
        case .pastChecked(let task, let reason): pastChecked(task, waitsBecause: reason, at: now)
        case .cancelRequested(let reason): stop(Stop(reason: reason, state: .cancelled), at: now)
        case .tasksCleared(let tasks): clear(tasks)
        case .tasksMarked(let tasks, let state): mark(tasks, state, at: now)
        case .suspendRequested(let reason): suspend(reason: reason)
        }
    }

    private mutating func startRun(at now: Timestamp) {
        guard state == .queued else { return }
        state = .running
        actions.append(.runChanged(.running))
        let definition = graph.definition
        if let deadline = definition.deadline, !isLate { actions.append(.scheduleTimer(.runDeadline, at: dueAt + deadline)) }
        if let timeout = definition.timeout { actions.append(.scheduleTimer(.runTimeout, at: (startedAt ?? now) + timeout)) }
        for (index, task) in graph.tasks.enumerated() where !nodes[index].state.isFinished && !nodes[index].isLate {
            if let deadline = task.deadline { actions.append(.scheduleTimer(.deadline(task.id), at: dueAt + deadline)) }
        }
        if !isSuspending { for index in nodes.indices where nodes[index].held != .none { resume(index) } }
        for index in nodes.indices where nodes[index].isLost || nodes[index].state == .upForRetry { takeUp(index, at: now) }
        for index in nodes.indices where nodes[index].state == .none && nodes[index].held == .none { decide(index) }
    }

    /// Takes up an attempt that has gone on by itself. It keeps its place whatever the limits are now.
    private mutating func resume(_ index: Int) {
        let resumption = nodes[index].held
        nodes[index].held = .none
        activeCount += 1
        if !graph.tasks[index].isWaiting { roomTaken += 1 }
        change(index, to: .queued)
        let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
        actions.append(.resumeAttempt(key, resumption))
    }

    /// Goes on with a task whose last attempt ended with its process, or that waited for another one then.
    private mutating func takeUp(_ index: Int, at now: Timestamp) {
        guard nodes[index].isLost else {
            schedule(index)
            return
        }
        nodes[index].isLost = false
        let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
        actions.append(.attemptEnded(key, .failed, .lost))
        fail(index, .lost, at: now)
    }

    /// The task's index, if the attempt is the one under way.
    private func activeIndex(_ key: AttemptKey) -> Int? {
        guard let index = graph.index(of: key.task), nodes[index].attempts == key.number, nodes[index].state.isActive
        else { return nil }
        return index
    }

    private mutating func attemptStarted(_ key: AttemptKey, at now: Timestamp) {
        guard let index = activeIndex(key), nodes[index].state == .queued else { return }
        change(index, to: .running)
        if let timeout = graph.tasks[index].timeout, nodes[index].cancellation == nil {
            nodes[index].hasTimeoutTimer = true
            actions.append(.scheduleTimer(.timeout(key), at: now + timeout))
        }
    }

    private mutating func attemptSucceeded(_ key: AttemptKey, _ outcome: TaskOutcome, at now: Timestamp) {
        guard let index = activeIndex(key) else { return }
        if nodes[index].verdict != nil {
            attemptFailed(key, TaskFailure("ended"), at: now)
            return
        }
        if case .only(let names) = outcome.continuation, let wrong = unknownBranch(names, of: index) {
            attemptFailed(key, wrong, at: now)
            return
        }
        let state: TaskState = outcome.isSkipped ? .skipped : .success
        endAttempt(index, key, state, nil)
        finish(index, state, at: now)
        follow(outcome.continuation, from: index, at: now)
    }

    private mutating func attemptFailed(_ key: AttemptKey, _ failure: TaskFailure, at now: Timestamp) {
        guard let index = activeIndex(key) else { return }
        let failure = nodes[index].cancellation ?? failure
        let verdict = nodes[index].verdict
        if graph.tasks[index].isDurable, isSuspending, stop == nil, verdict == nil, failure.code == TaskFailure.interruptedCode {
            letGo(index, key)
            return
        }
        nodes[index].verdict = nil
        endAttempt(index, key, .failed, failure)
        switch verdict {
        case .marked(let state):
            finish(index, state, reason: failure.message, at: now)
            return
        case .cleared where stop == nil:
            reopen(index)
            return
        case .cleared, nil: break
        }
        if isSuspending, stop == nil, failure.code == TaskFailure.interruptedCode {
            nodes[index].uncounted += 1
            change(index, to: .none, reason: failure.message)
            return
        }
        fail(index, failure, at: now)
    }

    /// Ends a task whose attempt has failed, or has it wait for the next one.
    private mutating func fail(_ index: Int, _ failure: TaskFailure, at now: Timestamp) {
        let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
        let retries = graph.tasks[index].retries
        if stop == nil, failure.isInfrastructure, nodes[index].infrastructureFailures < Self.maximumInfrastructureFailures {
            nodes[index].infrastructureFailures += 1
            nodes[index].uncounted += 1
            retry(
                index, key, after: retries.delay(afterAttempt: nodes[index].infrastructureFailures, using: &random), failure,
                at: now)
            return
        }
        let number = key.number - nodes[index].uncounted
        if stop == nil, failure.isRetryable, number <= retries.count {
            retry(index, key, after: retries.delay(afterAttempt: max(1, number), using: &random), failure, at: now)
            return
        }
        finish(index, .failed, reason: failure.message, at: now)
        if graph.definition.failFast, !isGroupRetried(index) {
            stop(Stop(reason: "task '\(key.task)' failed and the pipeline fails fast", state: .failed), at: now)
        }
    }

    private mutating func retry(
        _ index: Int, _ key: AttemptKey, after delay: Duration, _ failure: TaskFailure, at now: Timestamp
    ) {
        nodes[index].retryAt = now + delay
        change(index, to: .upForRetry, reason: failure.message)
        actions.append(.scheduleTimer(.retry(key), at: now + delay))
    }

    /// How often a task is tried again because what runs tasks has failed.
    static let maximumInfrastructureFailures = 5

    /// Leaves an attempt to go on by itself: the task stays as it is, for who takes the run up.
    private mutating func letGo(_ index: Int, _ key: AttemptKey) {
        nodes[index].held = nodes[index].state == .running ? .running : .queued
        nodes[index].state = .none
        leave(index, key)
        actions.append(.attemptLetGo(key))
    }

    private mutating func endAttempt(_ index: Int, _ key: AttemptKey, _ state: TaskState, _ failure: TaskFailure?) {
        leave(index, key)
        actions.append(.attemptEnded(key, state, failure))
    }

    /// Frees what an attempt has taken.
    private mutating func leave(_ index: Int, _ key: AttemptKey) {
        activeCount -= 1
        if !graph.tasks[index].isWaiting { roomTaken -= 1 }
        releaseSlots(index)
        nodes[index].cancellation = nil
        if nodes[index].hasTimeoutTimer {
            nodes[index].hasTimeoutTimer = false
            actions.append(.cancelTimer(.timeout(key)))
        }
    }

    private mutating func timerFired(_ timer: RunTimer, at now: Timestamp) {
        switch timer {
        case .retry(let key):
            guard let index = graph.index(of: key.task), nodes[index].attempts == key.number,
                nodes[index].state == .upForRetry
            else { return }
            nodes[index].retryAt = nil
            schedule(index)
        case .timeout(let key):
            guard let index = activeIndex(key), nodes[index].cancellation == nil,
                let timeout = graph.tasks[index].timeout
            else { return }
            let failure = TaskFailure.timedOut(after: timeout)
            nodes[index].hasTimeoutTimer = false
            nodes[index].cancellation = failure
            actions.append(.cancelAttempt(key, reason: failure.message))
        case .deadline(let task):
            guard let index = graph.index(of: task), !nodes[index].state.isFinished else { return }
            reportLate(index)
        case .past(let task):
            guard let index = graph.index(of: task), nodes[index].state == .scheduled, !nodes[index].isPastClear else { return }
            actions.append(.checkPast(task))
        case .runDeadline: reportRunLate()
        case .runTimeout:
            guard let timeout = graph.definition.timeout else { return }
            stop(Stop(reason: "the run took longer than \(timeout.shortText)", state: .failed), at: now)
        }
    }

    mutating func reportLate(_ index: Int) {
        guard !nodes[index].isLate else { return }
        nodes[index].isLate = true
        actions.append(.reportLate(graph.tasks[index].id))
    }

    mutating func reportRunLate() {
        guard !isLate else { return }
        isLate = true
        actions.append(.reportRunLate)
    }

    private func unknownBranch(_ names: [TaskID], of index: Int) -> TaskFailure? {
        let direct = Set(graph.downstream[index])
        for name in names where graph.targets(of: name).map({ direct.isDisjoint(with: $0) }) != false {
            let known = graph.downstream[index].map { graph.tasks[$0].id.rawValue }
            return TaskFailure(
                "the branch chose '\(name)', which does not come directly after it", code: "task.unknown_branch",
                hint: Suggestion.hint(for: name.rawValue, in: known), isRetryable: false)
        }
        return nil
    }
}

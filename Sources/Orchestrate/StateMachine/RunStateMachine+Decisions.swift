extension RunStateMachine {
    /// Lets the trigger rule say what becomes of a task that waits.
    mutating func decide(_ index: Int) {
        guard nodes[index].state == .none, nodes[index].held == .none, stop == nil else { return }
        switch graph.tasks[index].triggerRule.decide(nodes[index].counts) {
        case .wait: break
        case .run: schedule(index)
        case .skip: markFinished(index, .skipped, reason: "its trigger rule cannot come true")
        case .upstreamFailed: markFinished(index, .upstreamFailed, reason: "a task before it failed")
        }
    }

    mutating func schedule(_ index: Int) {
        change(index, to: .scheduled)
        makeReady(index)
    }

    /// Lets a task start when there is room.
    mutating func makeReady(_ index: Int) {
        if graph.tasks[index].isWaiting { readyToWait.insert(index) } else { ready.insert(index) }
    }

    mutating func change(_ index: Int, to state: TaskState, reason: String? = nil) {
        nodes[index].state = state
        actions.append(.taskChanged(graph.tasks[index].id, state, reason: reason))
    }

    /// Ends a task; what comes after it hears of it in `settle`.
    mutating func finish(_ index: Int, _ state: TaskState, reason: String? = nil, at now: Timestamp) {
        if let deadline = graph.tasks[index].deadline, now > dueAt + deadline { reportLate(index) }
        markFinished(index, state, reason: reason)
    }

    private mutating func markFinished(_ index: Int, _ state: TaskState, reason: String?) {
        releaseSlots(index)
        nodes[index].waitsBecause = nil
        change(index, to: state, reason: reason)
        unfinishedCount -= 1
        countInGroups(index, isFinished: true)
        unannounced.append(index)
        if graph.tasks[index].deadline != nil, !nodes[index].isLate {
            actions.append(.cancelTimer(.deadline(graph.tasks[index].id)))
        }
    }

    /// Tells the tasks downstream of finished ones, until nothing more follows.
    ///
    /// Each decides once it has heard everything that is known: so the order of news within one event does not matter. A loop,
    /// so that long chains take no stack.
    mutating func settle(at now: Timestamp) {
        while true {
            while let index = unannounced.popLast() {
                for next in graph.downstream[index] where !isHeld(index, for: next) {
                    nodes[next].counts.add(nodes[index].state, isSetup: graph.tasks[index].isSetup)
                    if nodes[next].state == .none { undecided.insert(next) }
                }
            }
            if let index = undecided.removeFirst() {
                decide(index)
            } else if groups.isEmpty || !decideGroups(at: now) {
                return
            }
        }
    }

    /// Starts what is ready while there is room.
    mutating func startReady() {
        guard stop == nil, !isSuspending else { return }
        while let index = readyToWait.removeFirst() { start(index) }
        while roomTaken < graph.definition.maxActiveTasks, let index = ready.removeFirst() { start(index) }
    }

    private mutating func start(_ index: Int) {
        guard nodes[index].state == .scheduled, isAdmitted(index) else { return }
        nodes[index].attempts += 1
        activeCount += 1
        if !graph.tasks[index].isWaiting { roomTaken += 1 }
        change(index, to: .queued)
        actions.append(.startAttempt(AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)))
    }

    /// Skips what a branch or a short circuit leaves out.
    mutating func follow(_ continuation: TaskOutcome.Continuation, from index: Int, at now: Timestamp) {
        var left: Set<Int>
        switch continuation {
        case .all: return
        case .stop(directOnly: true): left = Set(graph.downstream[index])
        case .stop(directOnly: false): left = graph.descendants(of: [index])
        case .only(let names):
            let chosen = names.flatMap { graph.targets(of: $0) ?? [] }
            left = Set(graph.downstream[index]).subtracting(chosen)
            if !left.isEmpty { left.subtract(graph.descendants(of: chosen)) }
        }
        for next in left.sorted() where nodes[next].state == .none || nodes[next].state == .scheduled {
            finish(next, .skipped, reason: "'\(graph.tasks[index].id)' went another way", at: now)
        }
    }

    mutating func finishRun(at now: Timestamp) {
        if let deadline = graph.definition.deadline, now > dueAt + deadline { reportRunLate() }
        state = stop?.state ?? resultOfLeaves
        actions.append(.runChanged(state))
        actions.append(.finishRun(state, reason: stop?.reason))
    }

    /// Airflow's rule: the tasks that nothing comes after decide.
    private var resultOfLeaves: RunState {
        nodes.indices.contains { graph.isLeaf($0) && nodes[$0].state.isFailure } ? .failed : .success
    }
}

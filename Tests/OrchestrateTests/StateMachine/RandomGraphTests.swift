import Testing

@testable import Orchestrate

/// Drives random pipelines with random outcomes, and checks each step against the rules computed afresh.
struct RandomGraphTests {
    @Test("every task ends in one final state, in order, within the limit", arguments: 0..<300)
    func invariants(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let pipeline = Self.pipeline(&random)
        let graph = try TaskGraph(pipeline)
        var machine = RunStateMachine(graph: graph, dueAt: Timestamp(seconds: 0), seed: UInt64(seed))
        var check = Checker(graph: graph)
        var now = Timestamp(seconds: 0)
        var timers: [RunTimer] = []
        let cancelAt = seed % 5 == 0 ? Int.random(in: 0..<40, using: &random) : Int.max

        func perform(_ actions: [RunStateMachine.Action]) {
            for action in actions {
                check.see(action)
                if case .scheduleTimer(let timer, _) = action { timers.append(timer) }
                if case .cancelTimer(let timer) = action { timers.removeAll { $0 == timer } }
            }
        }

        perform(machine.handle(.runStarted, at: now))
        var step = 0
        while !machine.state.isFinished {
            step += 1
            now = now + .seconds(1)
            try #require(step < 10_000, "the run does not end")
            if step == cancelAt {
                check.isStopped = true
                perform(machine.handle(.cancelRequested(reason: "test"), at: now))
                continue
            }
            // Something must be possible: an attempt under way, or a timer.
            let active = check.active.sorted { "\($0)" < "\($1)" }
            try #require(!active.isEmpty || !timers.isEmpty, "the run is stuck")
            if active.isEmpty || (!timers.isEmpty && Int.random(in: 0..<4, using: &random) == 0) {
                let timer = timers.remove(at: Int.random(in: timers.indices, using: &random))
                perform(machine.handle(.timerFired(timer), at: now))
                continue
            }
            let key = active[Int.random(in: active.indices, using: &random)]
            if machine.state(of: key.task) == .queued, Bool.random(using: &random) {
                perform(machine.handle(.attemptStarted(key), at: now))
                continue
            }
            check.active.remove(key)
            let event: RunStateMachine.Event
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: event = .attemptSucceeded(key, .success)
            case 6: event = .attemptSucceeded(key, .skipped())
            default: event = .attemptFailed(key, TaskFailure("x", isRetryable: Bool.random(using: &random)))
            }
            perform(machine.handle(event, at: now))
        }
        check.checkEnd(machine)
        #expect(machine.activeTaskCount == 0)
    }

    static func pipeline(_ random: inout SeededRandom) -> PipelineDefinition {
        let count = Int.random(in: 1...25, using: &random)
        let tasks = (0..<count).map { index in
            var task = TaskDefinition(id: "t\(index)")
            for earlier in 0..<index where Int.random(in: 0..<4, using: &random) == 0 { task.upstream.append("t\(earlier)") }
            if Bool.random(using: &random) {
                task.triggerRule = TriggerRule.allCases.randomElement(using: &random) ?? .allSuccess
            }
            task.retries = RetryPolicy(count: Int.random(in: 0...2, using: &random))
            task.priority = Int.random(in: 0...2, using: &random)
            if Bool.random(using: &random) { task.timeout = .seconds(5) }
            if Bool.random(using: &random) { task.deadline = .seconds(20) }
            task.isSetup = Int.random(in: 0..<5, using: &random) == 0
            return task
        }
        return PipelineDefinition(id: "random", tasks: tasks, maxActiveTasks: Int.random(in: 1...5, using: &random))
    }

    /// Follows the actions with nothing but the definition.
    struct Checker {
        let graph: TaskGraph
        var states: [TaskID: TaskState] = [:]
        var attempts: [TaskID: Int] = [:]
        var active: Set<AttemptKey> = []
        var finals: [TaskID: Int] = [:]
        var late: [TaskID: Int] = [:]
        var isStopped = false
        var ends = 0

        init(graph: TaskGraph) { self.graph = graph }

        mutating func see(_ action: RunStateMachine.Action) {
            switch action {
            case .startAttempt(let key):
                #expect(key.number == (attempts[key.task] ?? 0) + 1)
                attempts[key.task] = key.number
                active.insert(key)
                #expect(active.count <= graph.definition.maxActiveTasks)
                #expect(decision(on: key.task) == .run, "\(key) started against its rule")
                #expect(!isStopped)
            case .taskChanged(let task, let state, _):
                states[task] = state
                guard state.isFinished else { return }
                finals[task, default: 0] += 1
                guard attempts[task] == nil, !isStopped else { return }
                if state == .skipped { #expect(decision(on: task) == .skip) }
                if state == .upstreamFailed { #expect(decision(on: task) == .upstreamFailed) }
            case .attemptEnded(let key, _, _): active.remove(key)
            case .reportLate(let task): late[task, default: 0] += 1
            case .finishRun: ends += 1
            default: break
            }
        }

        /// What the rule says of a task with what is known now.
        private func decision(on task: TaskID) -> TriggerRule.Decision? {
            guard let index = graph.index(of: task) else { return nil }
            let upstream = graph.upstream[index]
            var counts = UpstreamCounts(total: upstream.count, setups: upstream.count { graph.tasks[$0].isSetup })
            for source in upstream { counts.add(states[graph.tasks[source].id] ?? .none, isSetup: graph.tasks[source].isSetup) }
            return graph.tasks[index].triggerRule.decide(counts)
        }

        func checkEnd(_ machine: RunStateMachine) {
            #expect(ends == 1)
            #expect(active.isEmpty)
            for task in graph.tasks {
                #expect(finals[task.id] == 1, "\(task.id) ended \(finals[task.id] ?? 0) times")
                #expect(machine.state(of: task.id) == states[task.id])
                #expect(attempts[task.id, default: 0] <= task.retries.count + 1)
                #expect(late[task.id, default: 0] <= 1)
            }
            let leaves = graph.tasks.indices.filter { graph.isLeaf($0) }.map { states[graph.tasks[$0].id] ?? .none }
            let expected: RunState = isStopped ? .cancelled : leaves.contains { $0.isFailure } ? .failed : .success
            #expect(machine.state == expected)
        }
    }
}

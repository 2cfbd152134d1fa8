import Testing

@testable import Orchestrate

/// Holds the state machine against `ReferenceRun`: random pipelines, random events, and after each one the same states.
struct ReferenceRunTests {
    /// Some of the seeds have found mistakes: attempts lost in a pipeline that fails fast, and the run before asked for once too
    /// few.
    @Test("stands as the reference does after every event", arguments: Array(0..<250) + [786, 1122, 1958, 3348, 3626])
    func agrees(seed: Int) throws {
        var pair = try Pair(seed: seed)
        pair.begin()
        while pair.reference.end == nil {
            try #require(pair.steps < 5000, "the run does not end")
            try pair.step()
            try pair.compare()
        }
        #expect(pair.machine.state == pair.reference.end)
        #expect(pair.machine.activeTaskCount == 0)
        #expect(pair.held.isEmpty && pair.wanted.isEmpty, "slots are given back")
    }

    /// The machine and the reference, and a world around them that answers at random.
    struct Pair {
        let pipeline: PipelineDefinition
        var machine: RunStateMachine
        var reference: ReferenceRun
        var random: SeededRandom
        var now = Timestamp(seconds: 0)
        var steps = 0
        var timers: [RunTimer] = []
        /// Tasks that wait for slots, those that have them, and those that have asked for the run before.
        var wanted: [TaskID] = []
        var held: Set<TaskID> = []
        var asked: [TaskID] = []
        var isSuspended = false

        init(seed: Int) throws {
            random = SeededRandom(seed: UInt64(seed) &+ 77)
            pipeline = Self.pipeline(&random)
            machine = RunStateMachine(graph: try TaskGraph(pipeline), dueAt: now, seed: UInt64(seed))
            reference = ReferenceRun(pipeline)
        }

        static func pipeline(_ random: inout SeededRandom) -> PipelineDefinition {
            var pipeline = RandomGraphTests.pipeline(&random)
            pipeline.failFast = Int.random(in: 0..<8, using: &random) == 0
            for index in pipeline.tasks.indices {
                if Int.random(in: 0..<4, using: &random) == 0 { pipeline.tasks[index].claims = [SlotClaim(pool: "p")] }
                pipeline.tasks[index].isWaiting = Int.random(in: 0..<5, using: &random) == 0
                pipeline.tasks[index].dependsOnPast = Int.random(in: 0..<6, using: &random) == 0
            }
            return pipeline
        }

        mutating func begin() {
            reference.start()
            send(.runStarted)
        }

        mutating func send(_ event: RunStateMachine.Event) {
            for action in machine.handle(event, at: now) {
                switch action {
                case .scheduleTimer(let timer, _): timers.append(timer)
                case .cancelTimer(let timer): timers.removeAll { $0 == timer }
                case .acquireSlots(let task):
                    wanted.append(task)
                    machine.noteWaiting(task)
                case .releaseSlots(let task):
                    wanted.removeAll { $0 == task }
                    held.remove(task)
                case .checkPast(let task): asked.append(task)
                case .runSuspended: isSuspended = true
                default: break
                }
            }
        }

        /// One thing happens.
        mutating func step() throws {
            steps += 1
            now = now + .seconds(1)
            if isSuspended { return try takeUp() }
            let choice = Int.random(in: 0..<40, using: &random)
            // People lose interest after a while, so that the run ends.
            if steps < 120, choice < 8 { return try interfere(choice) }
            let active = reference.active
            let answers = active.count + timers.count + wanted.count + asked.count
            try #require(answers > 0, "the run is stuck")
            var place = Int.random(in: 0..<answers, using: &random)
            if place < active.count { return attempt(active[place]) }
            place -= active.count
            if place < timers.count { return fire(timers.remove(at: place)) }
            place -= timers.count
            if place < wanted.count { return grant(wanted.remove(at: place)) }
            answer(asked.remove(at: place - wanted.count))
        }

        private func index(_ task: TaskID) -> Int { Int(task.rawValue.dropFirst()) ?? 0 }

        private mutating func attempt(_ index: Int) {
            let key = AttemptKey(task: pipeline.tasks[index].id, number: reference.attempts[index])
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4 where reference.states[index] == .queued:
                reference.attemptStarted(index)
                send(.attemptStarted(key))
            case 0..<8:
                let outcome = outcome(of: index)
                reference.attemptSucceeded(index, outcome)
                send(.attemptSucceeded(key, outcome))
            default:
                let failure = TaskFailure("x", isRetryable: Int.random(in: 0..<4, using: &random) > 0)
                // What was told to end fails as it was told, whatever the executor says.
                reference.attemptFailed(index, isRetryable: endingIsRetryable(index) ?? failure.isRetryable)
                send(.attemptFailed(key, failure))
            }
        }

        /// Whether an attempt that was told to end may be tried again: after a timeout it may.
        private func endingIsRetryable(_ index: Int) -> Bool? {
            machine.nodes[index].cancellation.map(\.isRetryable)
        }

        private mutating func outcome(of index: Int) -> TaskOutcome {
            let after = reference.downstream(index).map { pipeline.tasks[$0].id }
            return switch Int.random(in: 0..<8, using: &random) {
            case 0: .skipped()
            case 1: TaskOutcome(continuation: .stop(directOnly: Bool.random(using: &random)))
            case 2: TaskOutcome(continuation: .only(after.filter { _ in Bool.random(using: &random) }))
            default: .success
            }
        }

        private mutating func fire(_ timer: RunTimer) {
            switch timer {
            case .retry(let key): reference.retryDue(index(key.task))
            case .timeout(let key):
                let index = index(key.task)
                if reference.states[index].isActive, reference.ending[index] == nil { reference.ending[index] = false }
            default: break
            }
            send(.timerFired(timer))
        }

        private mutating func grant(_ task: TaskID) {
            held.insert(task)
            let index = index(task)
            if reference.states[index] == .scheduled, reference.slots[index] == .wanted { reference.slots[index] = .held }
            reference.settle()
            send(.slotsGranted(task))
        }

        private mutating func answer(_ task: TaskID) {
            let isClear = Int.random(in: 0..<3, using: &random) > 0
            if isClear, reference.states[index(task)] == .scheduled { reference.isPastClear.insert(index(task)) }
            reference.settle()
            send(.pastChecked(task, waitsBecause: isClear ? nil : "the past"))
        }

        /// Somebody does something to the run, or its process dies.
        private mutating func interfere(_ choice: Int) throws {
            let chosen = pipeline.tasks.indices.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            let names = chosen.map { pipeline.tasks[$0].id }
            switch choice {
            case 0, 1, 2:
                reference.clear(chosen)
                reference.settle()
                send(.tasksCleared(names))
            case 3, 4, 5:
                let state: TaskState = [.success, .failed, .skipped].randomElement(using: &random) ?? .success
                reference.mark(chosen, state)
                reference.settle()
                send(.tasksMarked(names, state))
            case 6 where !reference.isSuspending:
                reference.suspend()
                reference.settle()
                send(.suspendRequested(reason: "test"))
            case 7 where Bool.random(using: &random) && Bool.random(using: &random):
                reference.cancel()
                send(.cancelRequested(reason: "test"))
            case 7 where reference.stop == nil: try takeUp()
            default: break
            }
        }

        /// The process has died or put the run down; another goes on with what the store has.
        private mutating func takeUp() throws {
            var prior: [TaskID: RunStateMachine.Prior] = [:]
            for (index, task) in pipeline.tasks.enumerated() {
                prior[task.id] = RunStateMachine.Prior(
                    state: machine.state(of: task.id) ?? .none, attempts: reference.attempts[index],
                    uncountedAttempts: reference.uncounted[index])
            }
            (timers, wanted, held, asked, isSuspended) = ([], [], [], [], false)
            machine = RunStateMachine(graph: machine.graph, dueAt: now, prior: prior, seed: UInt64(steps))
            reference.takeUp()
            send(.runStarted)
        }

        func compare() throws {
            for (index, task) in pipeline.tasks.enumerated() {
                // While the run is put down it makes no difference whether a task waits for others or for room.
                func seen(_ state: TaskState) -> TaskState { reference.isSuspending && state == .scheduled ? .none : state }
                let state = try #require(machine.state(of: task.id))
                try #require(
                    seen(state) == seen(reference.states[index]), "\(task.id) (\(task.triggerRule.rawValue)) at step \(steps)")
                try #require(machine.nodes[index].attempts == reference.attempts[index], "\(task.id) at step \(steps)")
                try #require(machine.uncountedAttempts(of: task.id) == reference.uncounted[index], "\(task.id) at step \(steps)")
            }
            try #require(machine.activeTaskCount == reference.active.count)
            try #require(reference.roomTaken <= pipeline.maxActiveTasks)
            try #require(machine.state.isFinished == (reference.end != nil))
        }
    }
}

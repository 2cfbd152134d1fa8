@testable import Orchestrate

/// A run as one would write it down to understand it: all states in an array, and after each event everything is looked at
/// again. Slow and short, to hold the state machine against.
///
/// Tasks come after those that they wait for.
struct ReferenceRun {
    let tasks: [TaskDefinition]
    let upstream: [[Int]]
    let maxActiveTasks: Int
    let failFast: Bool

    var states: [TaskState]
    var attempts: [Int]
    var uncounted: [Int]
    /// What becomes of a task whose attempt is under way, if somebody has decided that.
    var verdicts: [Int: RunStateMachine.Verdict] = [:]
    /// Attempts that were told to end, and whether that was for the suspension.
    var ending: [Int: Bool] = [:]
    var slots: [Int: RunStateMachine.Slots] = [:]
    var isPastClear: Set<Int> = []
    /// Put down by the suspension: decided again only on news.
    var dormant: Set<Int> = []
    var stop: RunState?
    var isSuspending = false
    var end: RunState?

    init(_ definition: PipelineDefinition) {
        tasks = definition.tasks
        maxActiveTasks = definition.maxActiveTasks
        failFast = definition.failFast
        let names = Dictionary(uniqueKeysWithValues: definition.tasks.enumerated().map { ($1.id, $0) })
        upstream = definition.tasks.map { $0.upstream.compactMap { names[$0] } }
        states = definition.tasks.map { _ in .none }
        attempts = definition.tasks.map { _ in 0 }
        uncounted = attempts
    }

    var active: [Int] { tasks.indices.filter { states[$0].isActive } }
    var roomTaken: Int { active.count { !tasks[$0].isWaiting } }
    func downstream(_ index: Int) -> [Int] { tasks.indices.filter { upstream[$0].contains(index) } }

    func descendants(_ start: [Int]) -> Set<Int> {
        var found: Set<Int> = []
        for index in tasks.indices where upstream[index].contains(where: { start.contains($0) || found.contains($0) }) {
            found.insert(index)
        }
        return found
    }

    // MARK: Events

    mutating func start() { settle() }

    /// Another process goes on with the run after this one has died, or has put it down.
    mutating func takeUp() {
        isSuspending = false
        verdicts = [:]
        ending = [:]
        slots = [:]
        isPastClear = []
        dormant = []
        // What had not really begun waits as before.
        for index in tasks.indices where [.queued, .scheduled].contains(states[index]) {
            if states[index] == .queued { uncounted[index] += 1 }
            states[index] = .none
        }
        for index in tasks.indices {
            switch states[index] {
            case .running: fail(index, isRetryable: true)
            case .upForRetry: states[index] = .scheduled
            default: break
            }
        }
        settle()
    }

    mutating func attemptStarted(_ index: Int) {
        if states[index] == .queued { states[index] = .running }
    }

    mutating func attemptSucceeded(_ index: Int, _ outcome: TaskOutcome) {
        guard verdicts[index] == nil else { return attemptFailed(index, isRetryable: true) }
        endAttempt(index)
        finish(index, outcome.isSkipped ? .skipped : .success)
        for other in left(by: outcome.continuation, of: index) where [.none, .scheduled].contains(states[other]) {
            finish(other, .skipped)
        }
        settle()
    }

    mutating func attemptFailed(_ index: Int, isRetryable: Bool, wasInterrupted: Bool = false) {
        let verdict = verdicts.removeValue(forKey: index)
        let endedForSuspension = ending[index]
        endAttempt(index)
        switch verdict {
        case .marked(let state): finish(index, state)
        case .cleared where stop == nil: reopen(index)
        default:
            if isSuspending, stop == nil, endedForSuspension == true {
                uncounted[index] += 1
                states[index] = .none
                dormant.insert(index)
            } else {
                fail(index, isRetryable: isRetryable)
            }
        }
        settle()
    }

    mutating func retryDue(_ index: Int) {
        if states[index] == .upForRetry { states[index] = .scheduled }
        settle()
    }

    mutating func cancel() {
        endEarly(.cancelled)
        settle()
    }

    mutating func suspend() {
        isSuspending = true
        for index in tasks.indices {
            if states[index].isActive, ending[index] == nil { ending[index] = true }
            guard states[index] == .scheduled else { continue }
            slots[index] = nil
            states[index] = .none
            dormant.insert(index)
        }
    }

    mutating func clear(_ chosen: [Int]) {
        guard stop == nil, !isSuspending else { return }
        for index in chosen {
            if states[index].isActive {
                verdicts[index] = .cleared
                if ending[index] == nil { ending[index] = false }
            } else if states[index] == .upForRetry || states[index].isFinished {
                reopen(index)
            }
        }
    }

    mutating func mark(_ chosen: [Int], _ state: TaskState) {
        guard stop == nil, !isSuspending else { return }
        let marked = chosen.filter { states[$0] != state }
        for index in marked {
            if states[index].isActive {
                verdicts[index] = .marked(state)
                if ending[index] == nil { ending[index] = false }
            } else {
                finish(index, state)
            }
        }
        guard state == .success else { return }
        clear(descendants(marked).subtracting(marked).sorted().filter { states[$0] == .upstreamFailed })
    }

    // MARK: What follows

    /// Looks at every task that waits, then starts what may start, then sees whether that was all.
    mutating func settle() {
        if stop == nil {
            for index in tasks.indices where states[index] == .none && !dormant.contains(index) {
                switch Self.decision(tasks[index].triggerRule, upstream[index].map { (states[$0], tasks[$0].isSetup) }) {
                case .wait: break
                case .run: states[index] = .scheduled
                case .skip: finish(index, .skipped)
                case .upstreamFailed: finish(index, .upstreamFailed)
                }
            }
        }
        if stop == nil, !isSuspending { startReady() }
        guard end == nil, states.allSatisfy(\.isFinished) else { return }
        let leaves = tasks.indices.filter { downstream($0).isEmpty }
        end = stop ?? (leaves.contains { states[$0].isFailure } ? .failed : .success)
    }

    private mutating func startReady() {
        let order = tasks.indices.sorted { (tasks[$1].priority, $0) < (tasks[$0].priority, $1) }
        for index in order where states[index] == .scheduled && (tasks[index].isWaiting || roomTaken < maxActiveTasks) {
            if tasks[index].dependsOnPast, !isPastClear.contains(index) { continue }
            if !tasks[index].claims.isEmpty, slots[index] != .held {
                slots[index] = .wanted
                continue
            }
            states[index] = .queued
            attempts[index] += 1
        }
    }

    private mutating func endAttempt(_ index: Int) {
        slots[index] = nil
        ending[index] = nil
    }

    private mutating func finish(_ index: Int, _ state: TaskState) {
        slots[index] = nil
        states[index] = state
        dormant.subtract(downstream(index))
    }

    private mutating func reopen(_ index: Int) {
        uncounted[index] = attempts[index]
        states[index] = .none
    }

    private mutating func fail(_ index: Int, isRetryable: Bool) {
        if stop == nil, isRetryable, attempts[index] - uncounted[index] <= tasks[index].retries.count {
            states[index] = .upForRetry
            return
        }
        finish(index, .failed)
        if failFast { endEarly(.failed) }
    }

    private mutating func endEarly(_ state: RunState) {
        guard stop == nil else {
            if state == .cancelled { stop = state }
            return
        }
        stop = state
        for index in tasks.indices {
            switch states[index] {
            case .none, .scheduled: finish(index, .skipped)
            case .upForRetry: finish(index, .failed)
            default: if states[index].isActive, ending[index] == nil { ending[index] = false }
            }
        }
    }

    private func left(by continuation: TaskOutcome.Continuation, of index: Int) -> [Int] {
        switch continuation {
        case .all: return []
        case .stop(directOnly: true): return downstream(index)
        case .stop(directOnly: false): return descendants([index]).sorted()
        case .only(let names):
            let chosen = tasks.indices.filter { names.contains(tasks[$0].id) }
            return downstream(index).filter { !chosen.contains($0) && !descendants(chosen).contains($0) }
        }
    }

    /// Airflow's words for the rules, taken one by one.
    static func decision(_ rule: TriggerRule, _ before: [(state: TaskState, isSetup: Bool)]) -> TriggerRule.Decision {
        guard !before.isEmpty else { return .run }
        let isDone = before.allSatisfy { $0.state.isFinished }
        func any(_ states: TaskState...) -> Bool { before.contains { states.contains($0.state) } }
        func all(_ states: TaskState...) -> Bool { before.allSatisfy { states.contains($0.state) } }
        switch rule {
        case .always: return .run
        case .allSuccess:
            return any(.failed, .upstreamFailed) ? .upstreamFailed : any(.skipped) ? .skip : isDone ? .run : .wait
        case .allFailed: return any(.success, .skipped) ? .skip : isDone ? .run : .wait
        case .allDone: return isDone ? .run : .wait
        case .allDoneMinOneSuccess:
            return any(.skipped) ? .skip : !isDone ? .wait : any(.success) ? .run : .upstreamFailed
        case .allDoneSetupSuccess:
            let setups = before.filter(\.isSetup).map(\.state)
            if !isDone { return .wait }
            if setups.isEmpty || setups.contains(.success) { return .run }
            return setups.allSatisfy { $0 == .skipped } ? .skip : .upstreamFailed
        case .oneSuccess: return any(.success) ? .run : !isDone ? .wait : all(.skipped) ? .skip : .upstreamFailed
        case .oneFailed: return any(.failed, .upstreamFailed) ? .run : isDone ? .skip : .wait
        case .oneDone: return any(.success, .failed) ? .run : isDone ? .skip : .wait
        case .noneFailed: return any(.failed, .upstreamFailed) ? .upstreamFailed : isDone ? .run : .wait
        case .noneFailedMinOneSuccess:
            return any(.failed, .upstreamFailed) ? .upstreamFailed : !isDone ? .wait : all(.skipped) ? .skip : .run
        case .noneSkipped: return any(.skipped) ? .skip : isDone ? .run : .wait
        case .allSkipped: return any(.success, .failed, .upstreamFailed) ? .skip : isDone ? .run : .wait
        }
    }
}

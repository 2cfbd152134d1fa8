@testable import Orchestrate

/// Drives a state machine by hand and remembers what it said.
struct MachineDriver {
    var machine: RunStateMachine
    var now = Timestamp(seconds: 1_000_000)
    var actions: [RunStateMachine.Action] = []
    var timers: [RunTimer: Timestamp] = [:]
    var started: [AttemptKey] = []
    var cancelled: [AttemptKey] = []
    var finished: RunState?

    init(
        _ pipeline: PipelineDefinition, prior: [TaskID: RunStateMachine.Prior] = [:], groupRetries: [GroupID: Int] = [:]
    ) throws {
        machine = RunStateMachine(
            graph: try TaskGraph(pipeline), dueAt: now, prior: prior, groupRetries: groupRetries, seed: 1)
    }

    init(_ tasks: [TaskDefinition], maxActiveTasks: Int = 100, failFast: Bool = false) throws {
        try self.init(PipelineDefinition(id: "p", tasks: tasks, maxActiveTasks: maxActiveTasks, failFast: failFast))
    }

    mutating func send(_ event: RunStateMachine.Event) {
        actions = machine.handle(event, at: now)
        for action in actions {
            switch action {
            case .startAttempt(let key): started.append(key)
            case .cancelAttempt(let key, _): cancelled.append(key)
            case .scheduleTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .finishRun(let state, _): finished = state
            default: break
            }
        }
    }

    /// Starts the run and says that each attempt began.
    mutating func start() {
        send(.runStarted)
        begin()
    }

    mutating func begin() {
        for key in started where machine.state(of: key.task) == .queued { send(.attemptStarted(key)) }
    }

    mutating func succeed(_ task: TaskID, _ outcome: TaskOutcome = .success) {
        send(.attemptSucceeded(lastKey(task), outcome))
        begin()
    }

    mutating func fail(_ task: TaskID, retryable: Bool = true) {
        send(.attemptFailed(lastKey(task), TaskFailure("broken", isRetryable: retryable)))
        begin()
    }

    /// Moves time to the timer and fires it.
    mutating func fire(_ timer: RunTimer) {
        if let moment = timers.removeValue(forKey: timer) { now = max(now, moment) }
        send(.timerFired(timer))
        begin()
    }

    func lastKey(_ task: TaskID) -> AttemptKey { started.last { $0.task == task } ?? AttemptKey(task: task, number: 0) }

    subscript(task: TaskID) -> TaskState? { machine.state(of: task) }
}

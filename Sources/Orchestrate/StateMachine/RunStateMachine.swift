/// The course of one run, as a value: events go in, what is to be done comes out.
///
/// It reads no clock, starts nothing and writes nothing. Who drives it carries out the actions in order and reports back.
/// An event costs time in the number of tasks it touches, so runs of many thousand tasks are cheap. Tasks start by priority,
/// then in the order of their definition.
///
/// ```swift
/// var machine = RunStateMachine(graph: try TaskGraph(pipeline), dueAt: now)
/// for action in machine.handle(.runStarted, at: now) { ... }
/// ```
///
/// Files: `+Events` takes in what happened, `+Decisions` moves the graph on, `+Stopping` ends a run before its time, `+Changes` is
/// what people do to a run under way.
package struct RunStateMachine: Sendable {
    package let graph: TaskGraph
    package internal(set) var state: RunState = .queued
    /// From when deadlines count.
    package let dueAt: Timestamp
    var nodes: [Node]
    var ready: IndexQueue
    /// The same for tasks that need no room.
    var readyToWait: IndexQueue
    /// Tasks whose upstream has news, in topological order.
    var undecided: IndexQueue
    var activeCount = 0
    /// How many of the attempts under way take room.
    var roomTaken = 0
    var unfinishedCount: Int
    var stop: Stop?
    /// Set while the run is being put down, to be taken up again later.
    var isSuspending = false
    var isLate: Bool
    let startedAt: Timestamp?
    var random: SeededRandom
    /// Tasks that have finished and whose downstream has not been told yet.
    var unannounced: [Int] = []
    var actions: [Action] = []
    /// The groups that are tried again as a whole; few pipelines have any.
    var groups: [RetriedGroup]

    /// What is known of one task.
    struct Node: Sendable {
        var state: TaskState = .none
        /// How many attempts have been started.
        var attempts = 0
        /// How many of these do not count against the retries.
        var uncounted = 0
        /// Whether the process that ran its last attempt has died.
        var isLost = false
        /// How its last attempt stood when the process that had begun it went; the attempt itself goes on.
        var held: TaskAttempt.Resumption = .none
        /// How often attempts failed because of what runs them.
        var infrastructureFailures = 0
        /// What becomes of the task when the attempt under way has ended, if somebody has decided that.
        var verdict: Verdict?
        var counts: UpstreamCounts
        var isLate = false
        var hasTimeoutTimer = false
        /// Set when the attempt under way has been told to end.
        var cancellation: TaskFailure?
        /// When a task that is up for retry may start.
        var retryAt: Timestamp?
        var slots: Slots = .none
        /// Whether the same task of the run before is known to have ended well.
        var isPastClear = false
        /// Why the task waits although it is ready.
        var waitsBecause: String?
    }

    /// How a task stands to the slots that it needs.
    enum Slots: Sendable, Hashable {
        case none, wanted, held
    }

    /// What somebody has made of a task whose attempt is still under way.
    enum Verdict: Sendable, Hashable {
        case cleared
        case marked(TaskState)
    }

    /// Why and as what the run is being ended early.
    struct Stop: Sendable {
        var reason: String
        var state: RunState
    }

    /// How a task stood in an earlier go at the same run.
    package struct Prior: Sendable, Hashable {
        package var state: TaskState
        package var attempts: Int
        /// How many of the attempts do not count against the retries.
        package var uncountedAttempts: Int
        package var isLate: Bool

        package init(state: TaskState, attempts: Int, uncountedAttempts: Int = 0, isLate: Bool = false) {
            self.state = state
            self.attempts = attempts
            self.uncountedAttempts = uncountedAttempts
            self.isLate = isLate
        }
    }

    /// - Parameters:
    ///   - dueAt: from when deadlines count.
    ///   - prior: how tasks stood before, when a run is taken up again: finished ones stay as they are, the numbers of further
    ///     attempts follow on, and one that was under way has failed with the process that ran it.
    ///   - startedAt: when a run that is taken up again began.
    ///   - isLate: whether its missed deadline was reported already.
    ///   - groupRetries: how often groups were tried again before.
    ///   - seed: what the jitter of retries is drawn from.
    package init(
        graph: TaskGraph, dueAt: Timestamp, prior: [TaskID: Prior] = [:], startedAt: Timestamp? = nil, isLate: Bool = false,
        groupRetries: [GroupID: Int] = [:], seed: UInt64 = 0
    ) {
        self.graph = graph
        self.dueAt = dueAt
        self.startedAt = startedAt
        self.isLate = isLate
        random = SeededRandom(seed: seed)
        groups = Self.retriedGroups(of: graph)
        for place in groups.indices { groups[place].retried = groupRetries[groups[place].id] ?? 0 }
        unfinishedCount = graph.tasks.count
        nodes = graph.upstream.map { sources in
            Node(counts: UpstreamCounts(total: sources.count, setups: sources.count { graph.tasks[$0].isSetup }))
        }
        let order = graph.tasks.indices.sorted { (graph.tasks[$1].priority, $0) < (graph.tasks[$0].priority, $1) }
        ready = IndexQueue(order: order)
        readyToWait = ready
        undecided = IndexQueue(order: graph.topologicalOrder)
        for (task, earlier) in prior {
            guard let index = graph.index(of: task) else { continue }
            nodes[index].attempts = earlier.attempts
            nodes[index].uncounted = earlier.uncountedAttempts
            nodes[index].isLate = earlier.isLate
            switch earlier.state {
            case .running where graph.tasks[index].isDurable: nodes[index].held = .running
            case .queued where graph.tasks[index].isDurable: nodes[index].held = .queued
            case .running: nodes[index].isLost = true
            case .queued: nodes[index].uncounted += 1
            case .upForRetry: nodes[index].state = .upForRetry
            default: break
            }
            guard earlier.state.isFinished else { continue }
            nodes[index].state = earlier.state
            unfinishedCount -= 1
            countInGroups(index, isFinished: true)
            for next in graph.downstream[index] where !isHeld(index, for: next) {
                nodes[next].counts.add(earlier.state, isSetup: graph.tasks[index].isSetup)
            }
        }
    }

    /// The state of a task; nil for one that the pipeline does not have.
    package func state(of task: TaskID) -> TaskState? { graph.index(of: task).map { nodes[$0].state } }

    /// When a task that is up for retry may start.
    package func retryMoment(of task: TaskID) -> Timestamp? { graph.index(of: task).flatMap { nodes[$0].retryAt } }

    /// How many attempts of a task do not count against its retries.
    package func uncountedAttempts(of task: TaskID) -> Int { graph.index(of: task).map { nodes[$0].uncounted } ?? 0 }

    /// How many attempts are with the executor.
    package var activeTaskCount: Int { activeCount }

    /// Takes in what happened, and says what is to be done now, in order.
    ///
    /// Events about attempts and timers that no longer matter are ignored, so that late news is harmless.
    package mutating func handle(_ event: Event, at now: Timestamp) -> [Action] {
        guard !state.isFinished else { return [] }
        take(event, at: now)
        settle(at: now)
        if state == .running { startReady() }
        if state == .running, unfinishedCount == 0 { finishRun(at: now) }
        if state == .running, isSuspending, activeCount == 0 { actions.append(.runSuspended) }
        defer { actions.removeAll() }
        return actions
    }
}

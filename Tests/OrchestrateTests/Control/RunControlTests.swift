import Documents
import Testing

@testable import Orchestrate

/// What people ask for, as it reaches the store.
struct RunControlTests {
    private let place = SQLiteStoreTests.Place()
    private let graph: TaskGraph
    private let store: SQLiteStore
    private let control: RunControl

    init() throws {
        graph = try TaskGraph(
            PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "a"), TaskDefinition(id: "g.b", group: "g", upstream: ["a"]),
                    TaskDefinition(id: "g.c", group: "g", upstream: ["g.b"]), TaskDefinition(id: "d", upstream: ["g"]),
                ], schedule: .cron([try CronSchedule("@daily")])))
        store = try SQLiteStore(path: place.path)
        control = RunControl(store: store, author: Author("tester"), clock: try ManualClock("2026-02-01"))
    }

    /// Runs the pipeline in the foreground; `failing` fails.
    private func run(_ date: String, failing: TaskID? = nil) async throws -> RunID {
        let moment = try Timestamp(parsing: date)
        let executor = FakeExecutor { attempt, _ in
            if attempt.task.id == failing { throw TaskFailure("broken") }
            return .success
        }
        let request = RunRequest(kind: .scheduled, logicalDate: moment)
        return try await PipelineRunner(store: store, executor: executor).run(graph, request: request).id
    }

    @Test(
        "finds the tasks that a selection means",
        arguments: [
            (TaskSelection(["g"]), ["g.b", "g.c"]), (TaskSelection(["g.c"], upstream: true), ["a", "g.b", "g.c"]),
            (TaskSelection(["g.b"], downstream: true), ["g.b", "g.c", "d"]), (TaskSelection(), ["a", "g.b", "g.c", "d"]),
            (TaskSelection(onlyFailed: true), ["g.b", "g.c", "d"]), (TaskSelection(["a"], onlyFailed: true), []),
        ] as [(TaskSelection, [TaskID])])
    func selection(_ selection: TaskSelection, expected: [TaskID]) async throws {
        let id = try await run("2026-01-01", failing: "g.b")
        #expect(try await control.tasks(selection, of: id, in: graph) == [AffectedTasks(run: id, tasks: expected)])
    }

    @Test("selects earlier and later runs by their logical dates")
    func pastAndFuture() async throws {
        let runs = [try await run("2026-01-01"), try await run("2026-01-02"), try await run("2026-01-03")]
        let past = try await control.tasks(TaskSelection(["a"], past: true), of: runs[1], in: graph)
        #expect(past.map(\.run) == [runs[0], runs[1]])
        let future = try await control.tasks(TaskSelection(["a"], future: true), of: runs[1], in: graph)
        #expect(future.map(\.run) == [runs[1], runs[2]])
        let both = try await control.tasks(TaskSelection(["a"], past: true, future: true), of: runs[1], in: graph)
        #expect(both.map(\.run) == runs)
    }

    @Test("says which task or run there is not, and what may have been meant")
    func unknown() async throws {
        let id = try await run("2026-01-01")
        let task = await #expect(throws: OrchestrateError.self) {
            try await control.tasks(TaskSelection(["g.d"]), of: id, in: graph)
        }
        #expect(task?.kind == .unknownTask && task?.hint?.contains("g.") == true)
        let run = await #expect(throws: OrchestrateError.self) {
            try await control.tasks(TaskSelection(), of: RunID(pipeline: "p", name: "none"), in: graph)
        }
        #expect(run?.kind == .unknownRun)
    }

    @Test("plans a backfill: what is missing, what failed, or all; forward or backward")
    func backfill() async throws {
        _ = try await run("2026-01-02")
        let failed = try await run("2026-01-03", failing: "d")
        func plan(_ reprocess: BackfillRequest.Reprocess, backward: Bool = false) async throws -> BackfillPlan {
            try await control.plan(
                BackfillRequest(
                    from: try Timestamp(parsing: "2026-01-01"), to: try Timestamp(parsing: "2026-01-04"), reprocess: reprocess,
                    isBackward: backward), of: graph.definition)
        }
        #expect(try await plan(.missing).runs.map(\.action) == [.create, .none, .none, .create])
        #expect(try await plan(.failed).runs.map(\.action) == [.create, .none, .repeatFailed, .create])
        let all = try await plan(.all, backward: true)
        #expect(all.runs.map(\.action) == [.create, .repeatAll, .repeatAll, .create])
        #expect(all.runs.first?.interval.start == (try Timestamp(parsing: "2026-01-04")))

        try await control.start(try await plan(.failed))
        let waiting = try await store.waitingRuns()
        #expect(waiting.count == 3 && waiting.contains { $0.id == failed })
        #expect(waiting.filter { $0.kind == .backfill }.allSatisfy { $0.dataInterval != nil && $0.backfill != nil })
        #expect(try await store.tasks(of: failed).map(\.result.state) == [.success, .success, .success, .none])
        #expect(try await plan(.all).count == 1, "what waits already is left alone")
    }

    @Test("refuses a backfill that cannot be")
    func badBackfill() async throws {
        let range = BackfillRequest(from: Timestamp(seconds: 100), to: Timestamp(seconds: 0))
        let first = await #expect(throws: OrchestrateError.self) { try await control.plan(range, of: graph.definition) }
        #expect(first?.kind == .badRange)
        let manual = PipelineDefinition(id: "m", tasks: [])
        let second = await #expect(throws: OrchestrateError.self) {
            try await control.plan(BackfillRequest(from: Timestamp(seconds: 0), to: Timestamp(seconds: 1)), of: manual)
        }
        #expect(second?.kind == .noSchedule)
    }

    @Test("a backfill never has more runs under way than it may, and leaves room to what is asked for and due")
    func backfillLimit() async throws {
        var machine = SchedulerStateMachine()
        var definition = graph.definition
        definition.schedule = .manual
        definition.maxActiveRuns = 3
        let now = Timestamp(seconds: 0)
        _ = machine.handle(.pipelineSet(definition, isPaused: false, history: .init()), at: now)
        var started: [String] = []
        func send(_ event: SchedulerStateMachine.Event) {
            for case .startRun(_, let request) in machine.handle(event, at: now) { started.append(request.name ?? "") }
        }
        for number in 1...5 {
            let backfill = RunRequest.Backfill(name: "b", maxActiveRuns: 2)
            send(.triggered("p", RunRequest(kind: .backfill, name: "b\(number)", backfill: backfill)))
        }
        #expect(started == ["b1", "b2"])
        send(.triggered("p", RunRequest(name: "mine")))
        #expect(started == ["b1", "b2", "mine"])
        send(.triggered("p", RunRequest(name: "second")))
        send(.runFinished(RunID(pipeline: "p", name: "b1")))
        #expect(started == ["b1", "b2", "mine", "second"], "what people ask for goes first")
        send(.runFinished(RunID(pipeline: "p", name: "mine")))
        #expect(started.last == "b3")
    }

    @Test("tells why a run and each of its tasks do not run yet")
    func explanations() async throws {
        let record = try await control.trigger("p", RunRequest(name: "waits"))
        #expect(
            try await control.explanation(of: record, in: ScheduledPipeline(graph.definition))?.contains("no scheduler") == true)
        let tasks = graph.tasks.enumerated().map { position, task in
            var result = TaskResult(id: task.id)
            if position == 0 { (result.state, result.attempts, result.nextAttemptAt) = (.upForRetry, 1, Timestamp(seconds: 0)) }
            return TaskRecord(result: result, position: position, group: task.group, kind: "task")
        }
        let sentences = control.explanations(of: tasks, in: graph, of: record, ofRun: nil)
        #expect(sentences["a"] == "attempt 1 failed; the next begins at 1970-01-01T00:00:00Z")
        #expect(sentences["g.b"] == "waits for 'a' (all_success)")
        try store.claimScheduler()
        try await control.setPaused(true, of: "p")
        #expect(try await control.explanation(of: record, in: ScheduledPipeline(graph.definition))?.contains("paused") == true)
    }
}

import Synchronization
import Testing

@testable import Orchestrate

/// Pools, concurrency keys and tasks that depend on their past.
struct SlotTests {
    private let place = SQLiteStoreTests.Place()

    private func owner(_ name: String) -> SlotOwner { SlotOwner(run: RunID(pipeline: "p", name: "r"), task: TaskID(name)) }

    @Test("gives slots by priority, then in order, and never more than there are")
    func pool() {
        let broker = SlotBroker(pools: ["db": 2])
        let granted = Collected<String>()
        func acquire(_ name: String, slots: Int = 1, priority: Int = 0) -> Bool {
            broker.acquire([SlotClaim(pool: "db", slots: slots)], for: owner(name), priority: priority) { granted.add(name) }
        }
        #expect(acquire("a") && acquire("b"))
        #expect(!acquire("c") && !acquire("d", priority: 5) && !acquire("e"))
        broker.release(owner("a"))
        #expect(granted.all == ["d"])
        broker.release(owner("c"))
        broker.release(owner("b"))
        #expect(granted.all == ["d", "e"], "who has given up waiting gets nothing")
        broker.release(owner("d"))
        broker.release(owner("e"))
        #expect(broker.usage(of: "db").taken == 0)
        #expect(acquire("large", slots: 5), "what is larger than the pool runs alone")
        #expect(!acquire("after"))
        broker.setPools(["db": 6])
        #expect(granted.all.last == "after")
    }

    @Test("takes the slots of several pools at once or none")
    func several() {
        let broker = SlotBroker(pools: ["x": 1, "y": 1])
        #expect(broker.acquire([SlotClaim(pool: "x")], for: owner("a"), priority: 0) {})
        let granted = Collected<String>()
        let claims = [SlotClaim(pool: "x"), SlotClaim(pool: "y")]
        let isGrantedAtOnce = broker.acquire(claims, for: owner("b"), priority: 0) { granted.add("b") }
        #expect(!isGrantedAtOnce && broker.usage(of: "y").taken == 0)
        broker.release(owner("a"))
        #expect(granted.all == ["b"])
    }

    @Test("tasks of one run, and of several, share the pool; who waits says for what")
    func runs() async throws {
        let tasks = (0..<6).map { TaskDefinition(id: "t\($0)", claims: [SlotClaim(pool: "db")]) }
        let broker = SlotBroker(pools: ["db": 2])
        let active = Mutex((now: 0, most: 0))
        let executor = FakeExecutor { _, _ in
            active.withLock { active in
                active.now += 1
                active.most = max(active.most, active.now)
            }
            for _ in 0..<20 { await Task.yield() }
            active.withLock { $0.now -= 1 }
            return .success
        }
        try await withThrowingTaskGroup(of: RunState.self) { group in
            for number in 0..<3 {
                group.addTask {
                    let runner = PipelineRunner(store: MemoryStore(), executor: executor, slots: broker)
                    return try await runner.run(PipelineDefinition(id: PipelineID("p\(number)"), tasks: tasks)).state
                }
            }
            for try await state in group { #expect(state == .success) }
        }
        #expect(active.withLock { $0.most } <= 2)
        #expect(broker.usage(of: "db").taken == 0)
    }

    @Test("a task without its slots does not start, and gives them back when it fails, retries or is stopped")
    func machine() throws {
        let task = TaskDefinition(id: "a", retries: RetryPolicy(count: 1, delay: .zero, jitter: 0), claims: [.key("k")])
        var run = try MachineDriver([task])
        run.send(.runStarted)
        #expect(run.started.isEmpty && run.actions.contains(.acquireSlots("a")))
        run.machine.noteWaiting("a")
        #expect(run.machine.explanation(of: "a") == "waits for the concurrency key 'k'")
        run.send(.slotsGranted("a"))
        run.begin()
        #expect(run.started.count == 1)
        run.fail("a")
        #expect(run.actions.contains(.releaseSlots("a")))
        run.fire(.retry(AttemptKey(task: "a", number: 1)))
        #expect(run.actions.contains(.acquireSlots("a")))
        run.send(.cancelRequested(reason: "enough"))
        #expect(run.actions.contains(.releaseSlots("a")) && run.finished == .cancelled)
    }

    @Test("slots that come too late are given back")
    func late() throws {
        var run = try MachineDriver([TaskDefinition(id: "a", claims: [.key("k")]), TaskDefinition(id: "b")])
        run.start()
        run.send(.tasksMarked(["a"], .success))
        run.send(.slotsGranted("a"))
        #expect(run.actions.contains(.releaseSlots("a")) && run["a"] == .success)
    }

    @Test("a task that depends on its past waits for the run before, and says so")
    func past() async throws {
        let store = try SQLiteStore(path: place.path)
        let pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a", dependsOnPast: true)])
        func run(_ date: String, fails: Bool = false) async throws -> RunResult {
            let executor = FakeExecutor { _, _ in
                if fails { throw TaskFailure("broken") }
                return .success
            }
            let request = RunRequest(kind: .scheduled, logicalDate: try Timestamp(parsing: date))
            return try await PipelineRunner(store: store, executor: executor).run(pipeline, request: request)
        }
        #expect(try await run("2026-01-01").state == .success)
        let failed = try await run("2026-01-02", fails: true)
        let check = PastCheck(
            store: store,
            run: RunContext(
                id: RunID(pipeline: "p", name: "next"),
                request: RunRequest(logicalDate: try Timestamp(parsing: "2026-01-03")), startedAt: .now))
        #expect(await check.reason(for: "a") == "depends on its past: in the run '\(failed.id.name)' it is failed")
        _ = try await store.apply(.mark(["a"], .success), to: failed.id, by: Author("test"))
        #expect(await check.reason(for: "a") == nil)
    }
}

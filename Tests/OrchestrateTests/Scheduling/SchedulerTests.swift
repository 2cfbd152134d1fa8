import Documents
import Foundation
import Testing

@testable import Orchestrate

/// The scheduler with a store, a clock of the test's, and tasks of the test's.
struct SchedulerTests {
    private let place = SQLiteStoreTests.Place()
    private static let author = Author("test")

    private func hourly(start: String, catchup: Bool = false, maxActiveRuns: Int = 1, retries: Int = 0) throws
        -> PipelineDefinition
    {
        PipelineDefinition(
            id: "p", tasks: [TaskDefinition(id: "a", retries: RetryPolicy(count: retries, delay: .zero))],
            maxActiveRuns: maxActiveRuns, schedule: .cron([try CronSchedule("@hourly")]),
            startDate: try Timestamp(parsing: start), catchup: catchup)
    }

    private let manual = PipelineDefinition(
        id: "p", tasks: [TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"])], maxActiveRuns: 1)

    private static func enqueue(_ name: String, _ store: SQLiteStore) async throws {
        let request = RunRequest(name: name)
        let record = RunRecord(
            id: RunID(pipeline: "p", name: name), request: request, queuedAt: .now, isManaged: true)
        try await store.enqueue(record, tasks: [], by: Self.author)
        store.ring()
    }

    @Test("starts runs when their intervals end, and records them")
    func schedule() async throws {
        let clock = try ManualClock("2026-03-01T10:30")
        let store = try SQLiteStore(path: place.path)
        let provider = FakeProvider([ScheduledPipeline(try hourly(start: "2026-03-01T10:00"))])
        try await SchedulerHarness.run(provider, store: store, clock: clock) { harness in
            try await harness.waitFor { if case .started(1, 0) = $0 { true } else { false } }
            #expect(try await store.runs().isEmpty)
            try clock.advance(to: "2026-03-01T11:00")
            try await harness.waitForEnd(of: "scheduled__2026-03-01T10:00:00Z")
            try clock.advance(to: "2026-03-01T12:00")
            try await harness.waitForEnd(of: "scheduled__2026-03-01T11:00:00Z")
        }
        let runs = try await store.runs()
        #expect(runs.map(\.state) == [.success, .success])
        #expect(runs.allSatisfy { $0.isManaged })
        let end = try Timestamp(parsing: "2026-03-01T12:00")
        #expect(try await store.lastIntervals()["p"]?.end == end)
    }

    @Test("goes on after a restart where it was, and does not repeat an interval")
    func restart() async throws {
        let clock = try ManualClock("2026-03-01T12:30")
        let store = try SQLiteStore(path: place.path)
        let definition = try hourly(start: "2026-03-01T10:00", catchup: true)
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(definition)]), store: store, clock: clock) { harness in
            try await harness.waitForEnd(of: "scheduled__2026-03-01T10:00:00Z")
            try await harness.waitForEnd(of: "scheduled__2026-03-01T11:00:00Z")
        }
        try store.close()
        let again = try SQLiteStore(path: place.path)
        try clock.advance(to: "2026-03-01T14:10")
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(definition)]), store: again, clock: clock) { harness in
            try await harness.waitForEnd(of: "scheduled__2026-03-01T12:00:00Z")
            try await harness.waitForEnd(of: "scheduled__2026-03-01T13:00:00Z")
        }
        #expect(try await again.runs().count == 4)
    }

    @Test("hears of a run that another instance asks for, and one after the other where only one may be active")
    func trigger() async throws {
        let store = try SQLiteStore(path: place.path)
        let other = try SQLiteStore(path: place.path)
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.wait()
            return .success
        }
        let clock = try ManualClock("2026-03-01T12:30")
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(manual)], executor: executor), store: store, clock: clock)
        {
            harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            #expect(other.isSchedulerRunning())
            try await Self.enqueue("first", other)
            try await harness.waitForTask("a", started: "first")
            try await Self.enqueue("second", other)
            try await harness.waitFor { if case .runQueued(RunID(pipeline: "p", name: "second")) = $0 { true } else { false } }
            #expect(try await other.run(RunID(pipeline: "p", name: "second"))?.state == .queued)
            gate.open()
            try await harness.waitForEnd(of: "first")
            try await harness.waitForEnd(of: "second")
        }
        #expect(!other.isSchedulerRunning())
        #expect(try await other.audit(limit: 10).map(\.action) == ["trigger", "trigger"])
    }

    @Test("a second scheduler on the same store is refused")
    func onlyOne() async throws {
        let store = try SQLiteStore(path: place.path)
        let other = try SQLiteStore(path: place.path)
        let clock = try ManualClock("2026-03-01T12:30")
        try await SchedulerHarness.run(FakeProvider([]), store: store, clock: clock) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            let error = await #expect(throws: OrchestrateError.self) {
                try await Scheduler(store: other, provider: FakeProvider([])).run()
            }
            #expect(error?.kind == .schedulerRunning)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        }
    }

    @Test("what is paused starts nothing until it is unpaused, also after a restart")
    func paused() async throws {
        let clock = try ManualClock("2026-03-01T10:30")
        let path = place.path
        let provider = FakeProvider([ScheduledPipeline(try hourly(start: "2026-03-01T10:00"), startsPaused: true)])
        let store = try SQLiteStore(path: path)
        try await SchedulerHarness.run(provider, store: store, clock: clock) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            try clock.advance(to: "2026-03-01T11:00")
            try await store.setPaused(false, of: "p", by: Self.author)
            store.ring()
            try await harness.waitForEnd(of: "scheduled__2026-03-01T10:00:00Z")
            try await store.setPaused(true, of: "p", by: Self.author)
            store.ring()
            try await harness.waitFor { if case .pauseChanged("p", isPaused: true) = $0 { true } else { false } }
        }
        try store.close()
        let again = try SQLiteStore(path: path)
        provider.set([ScheduledPipeline(try hourly(start: "2026-03-01T10:00"), startsPaused: true)])
        try clock.advance(to: "2026-03-01T13:00")
        try await SchedulerHarness.run(provider, store: again, clock: clock) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            try await Self.enqueue("manual", again)
            try await harness.waitFor { if case .runQueued = $0 { true } else { false } }
        }
        #expect(try await again.runs().map(\.state) == [.queued, .success])
    }

    @Test("cancels a run that somebody has enough of, and one that has not begun")
    func cancel() async throws {
        let store = try SQLiteStore(path: place.path)
        let other = try SQLiteStore(path: place.path)
        let executor = FakeExecutor { _, _ in
            try await Gate().wait()
            return .success
        }
        let clock = try ManualClock("2026-03-01T12:30")
        let first = RunID(pipeline: "p", name: "first")
        let second = RunID(pipeline: "p", name: "second")
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(manual)], executor: executor), store: store, clock: clock)
        {
            harness in
            try await Self.enqueue("first", other)
            try await harness.waitForTask("a", started: "first")
            try await Self.enqueue("second", other)
            try await harness.waitFor { if case .runQueued(second) = $0 { true } else { false } }
            #expect(try await other.apply(.cancel(reason: "not needed"), to: second, by: Self.author))
            #expect(try await other.run(second)?.state == .cancelled)
            #expect(try await other.apply(.cancel(reason: "enough"), to: first, by: Self.author))
            other.ring()
            let result = try await harness.waitForEnd(of: "first")
            #expect(result.state == .cancelled && result.reason == "enough")
        }
        #expect(try await other.tasks(of: first).map(\.result.state) == [.failed, .skipped])
        #expect(try await other.apply(.cancel(reason: "again"), to: first, by: Self.author) == false)
        #expect(try await other.runs().map(\.state) == [.cancelled, .cancelled])
    }

    @Test("puts runs down when it stops, and the next scheduler goes on with them without counting the attempt")
    func suspend() async throws {
        let store = try SQLiteStore(path: place.path)
        let id = RunID(pipeline: "p", name: "long")
        let attempts = Collected<AttemptKey>()
        let executor = FakeExecutor { attempt, _ in
            attempts.add(attempt.key)
            if attempt.task.id == "b", attempt.number == 1 { try await Gate().wait() }
            return .success
        }
        let clock = try ManualClock("2026-03-01T12:30")
        let provider = FakeProvider([ScheduledPipeline(manual)], executor: executor)
        try await SchedulerHarness.run(provider, store: store, clock: clock) { harness in
            try await Self.enqueue("long", store)
            try await harness.waitForTask("b", started: "long")
        }
        #expect(try await store.run(id)?.state == .running)
        #expect(try await store.tasks(of: id).map(\.result.state) == [.success, .none])
        #expect(try await store.attempts(of: id, task: "b").map(\.failure?.code) == ["task.interrupted"])
        try store.close()

        let again = try SQLiteStore(path: place.path)
        provider.set([ScheduledPipeline(manual)])
        try await SchedulerHarness.run(provider, store: again, clock: clock) { harness in
            try await harness.waitFor { if case .started(1, 1) = $0 { true } else { false } }
            let result = try await harness.waitForEnd(of: "long")
            #expect(result.state == .success)
        }
        #expect(attempts.all.map(\.description) == ["a#1", "b#1", "b#2"])
    }

    @Test(
        "takes up the runs of a scheduler that was killed: open attempts have failed and are tried again as their retries allow")
    func killed() async throws {
        let path = place.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SQLiteStore(path: path)
            let executor = FakeExecutor { attempt, _ in
                if attempt.task.id == "again" { kill(getpid(), SIGKILL) }
                if attempt.task.id != "done" { try await Gate().wait() }
                return .success
            }
            let provider = FakeProvider([ScheduledPipeline(SchedulerTests.killable)], executor: executor)
            try await SchedulerHarness.run(provider, store: store) { harness in
                let record = RunRecord(
                    id: RunID(pipeline: "p", name: "killed"), request: RunRequest(), queuedAt: .now, isManaged: true)
                try await store.enqueue(record, tasks: [], by: Author("test"))
                store.ring()
                try await Gate().wait()
            }
        }
        let store = try SQLiteStore(path: path)
        #expect(!store.isSchedulerRunning())
        let attempts = Collected<String>()
        let executor = FakeExecutor { attempt, _ in
            attempts.add(attempt.key.description)
            return .success
        }
        let provider = FakeProvider([ScheduledPipeline(Self.killable)], executor: executor)
        try await SchedulerHarness.run(provider, store: store) { harness in
            let result = try await harness.waitForEnd(of: "killed")
            #expect(result.state == .failed)
            #expect(result["done"]?.state == .success && result["again"]?.state == .success)
            #expect(result["once"]?.state == .failed && result["once"]?.failure?.code == "task.lost")
            #expect(result["after"]?.state == .upstreamFailed)
        }
        #expect(attempts.all == ["again#2"])
        let states = try await store.attempts(of: RunID(pipeline: "p", name: "killed")).map { "\($0.key) \($0.state.rawValue)" }
        #expect(states == ["done#1 success", "once#1 failed", "again#1 failed", "again#2 success"])
    }

    static let killable = PipelineDefinition(
        id: "p",
        tasks: [
            TaskDefinition(id: "done"), TaskDefinition(id: "once", upstream: ["done"]),
            TaskDefinition(id: "again", upstream: ["done"], retries: RetryPolicy(count: 1, delay: .zero)),
            TaskDefinition(id: "after", upstream: ["once"]),
        ])

    @Test("a run whose pipeline cannot be prepared has failed, with the reason")
    func preparation() async throws {
        let store = try SQLiteStore(path: place.path)
        let failure = OrchestrateError(.badValue, "the project does not parse", hint: "mend it")
        let clock = try ManualClock("2026-03-01T12:30")
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(manual)], failure: failure), store: store, clock: clock) {
            harness in
            try await Self.enqueue("one", store)
            let result = try await harness.waitForEnd(of: "one")
            #expect(result.state == .failed && result.reason?.contains("does not parse") == true)
        }
        #expect(try await store.runs().map(\.state) == [.failed])
    }

    @Test("clears tasks of a finished run and of one under way, and marks others")
    func clearAndMark() async throws {
        let store = try SQLiteStore(path: place.path)
        let id = RunID(pipeline: "p", name: "one")
        let attempts = Collected<String>()
        let executor = FakeExecutor { attempt, _ in
            attempts.add(attempt.key.description)
            if attempt.key.description == "a#1" { throw TaskFailure("broken") }
            if attempt.key.description == "b#1" { try await Gate().wait() }
            return .success
        }
        let clock = try ManualClock("2026-03-01T12:30")
        let provider = FakeProvider([ScheduledPipeline(manual)], executor: executor)
        try await SchedulerHarness.run(provider, store: store, clock: clock) { harness in
            try await Self.enqueue("one", store)
            #expect(try await harness.waitForEnd(of: "one").state == .failed)
            #expect(try await store.apply(.clear(["a", "b"]), to: id, by: Self.author))
            store.ring()
            try await harness.waitForTask("b", started: "one")
            // b hangs in its first attempt: clearing it ends that and begins the next.
            #expect(try await store.apply(.clear(["b"]), to: id, by: Self.author))
            store.ring()
            #expect(try await harness.waitForEnd(of: "one").state == .success)
            #expect(attempts.all == ["a#1", "a#2", "b#1", "b#2"])

            #expect(try await store.apply(.mark(["a"], .failed), to: id, by: Self.author))
            store.ring()
            #expect(try await harness.waitForEnd(of: "one").state == .success, "the last task decides")
            #expect(try await store.apply(.mark(["b"], .failed), to: id, by: Self.author))
            store.ring()
            #expect(try await harness.waitForEnd(of: "one").state == .failed)
        }
        #expect(attempts.all.count == 4)
        #expect(try await store.audit(limit: 3).map(\.action) == ["mark_failed", "mark_failed", "clear"])
    }
}

import Testing

@testable import Orchestrate

@Suite("Retries of a group as a whole")
struct GroupRetryTests {
    /// a -> group{ x -> y } -> after; `always` comes after the group, whatever becomes of it.
    private func pipeline(retries: Int, failFast: Bool = false) -> PipelineDefinition {
        PipelineDefinition(
            id: "p",
            tasks: [
                TaskDefinition(id: "a"), TaskDefinition(id: "g.x", group: "g"),
                TaskDefinition(id: "g.y", group: "g", upstream: ["g.x"]), TaskDefinition(id: "after", upstream: ["g"]),
                TaskDefinition(id: "always", upstream: ["g"], triggerRule: .allDone),
            ],
            groups: [
                TaskGroupDefinition(
                    id: "g", upstream: ["a"], retries: RetryPolicy(count: retries, delay: .seconds(10), backoff: 2, jitter: 0))
            ], failFast: failFast)
    }

    @Test("all of it runs again after a pause, and what comes after hears only of the end", arguments: [false, true])
    func again(failFast: Bool) throws {
        var run = try MachineDriver(pipeline(retries: 2, failFast: failFast))
        run.start()
        run.succeed("a")
        run.succeed("g.x")
        let first = run.now
        run.fail("g.y")
        #expect(run["g.x"] == .upForRetry && run["g.y"] == TaskState.none)
        #expect(run["after"] == TaskState.none && run["always"] == TaskState.none && run.finished == nil)
        #expect(run.timers[.retry(AttemptKey(task: "g.x", number: 1))] == first + .seconds(10))
        run.fire(.retry(AttemptKey(task: "g.x", number: 1)))
        #expect(run.lastKey("g.x").number == 2)
        run.fail("g.x")
        // The second pause is twice as long.
        #expect(run["g.y"] == TaskState.none && run["g.x"] == .upForRetry)
        #expect(run.timers[.retry(AttemptKey(task: "g.x", number: 2))] == run.now + .seconds(20))
        run.fire(.retry(AttemptKey(task: "g.x", number: 2)))
        run.succeed("g.x")
        #expect(run["after"] == TaskState.none)
        run.succeed("g.y")
        run.succeed("after")
        run.succeed("always")
        #expect(run.finished == .success)
        #expect(run.started.map(\.description) == ["a#1", "g.x#1", "g.y#1", "g.x#2", "g.x#3", "g.y#2", "after#1", "always#1"])
    }

    @Test("when its retries are used up, it has failed, and others hear of it")
    func givenUp() throws {
        var run = try MachineDriver(pipeline(retries: 1))
        run.start()
        run.succeed("a")
        run.fail("g.x")
        run.fire(.retry(AttemptKey(task: "g.x", number: 1)))
        run.fail("g.x")
        #expect(run["g.x"] == .failed && run["g.y"] == .upstreamFailed && run["after"] == .upstreamFailed)
        run.succeed("always")
        #expect(run.finished == .failed)
    }

    @Test("a cancelled run tries nothing again; a cleared task holds back what comes after once more")
    func stopped() throws {
        var run = try MachineDriver(pipeline(retries: 1))
        run.start()
        run.succeed("a")
        run.send(.cancelRequested(reason: "stop"))
        run.fail("g.x")
        #expect(run.finished == .cancelled && run["after"] == .skipped)
        var other = try MachineDriver(pipeline(retries: 1))
        other.start()
        other.succeed("a")
        other.succeed("g.x")
        other.succeed("g.y")
        other.succeed("always")
        other.send(.tasksCleared(["g.y", "after"]))
        other.begin()
        other.fail("after")
        #expect(other["after"] == TaskState.none && other.finished == nil)
        other.succeed("g.y")
        other.succeed("after")
        #expect(other.finished == .success)
    }

    @Test("a run that is taken up again goes on within the group")
    func takenUp() throws {
        var run = try MachineDriver(
            pipeline(retries: 1),
            prior: [
                "a": .init(state: .success, attempts: 1), "g.x": .init(state: .success, attempts: 1),
                "g.y": .init(state: .running, attempts: 1),
            ])
        run.start()
        // Its attempt was lost with the process; then all of the group is tried again.
        #expect(run["g.x"] == .upForRetry && run["after"] == TaskState.none)
        run.fire(.retry(AttemptKey(task: "g.x", number: 1)))
        run.succeed("g.x")
        run.succeed("g.y")
        run.succeed("after")
        run.succeed("always")
        #expect(run.finished == .success)
    }

    @Test("what was tried before a restart counts", arguments: [1, 2])
    func restarted(retries: Int) throws {
        var run = try MachineDriver(
            pipeline(retries: retries),
            prior: ["a": .init(state: .success, attempts: 1), "g.x": .init(state: .success, attempts: 2, uncountedAttempts: 1)],
            groupRetries: ["g": 1])
        run.start()
        run.fail("g.y")
        #expect(
            run["g.y"] == (retries == 1 ? .failed : TaskState.none)
                && run["after"] == (retries == 1 ? .upstreamFailed : TaskState.none))
        #expect(run.actions.contains(.groupRetried("g", count: 2)) == (retries == 2))
    }

    @Test("the store knows how often a group was tried again, until its tasks are cleared")
    func recorded() async throws {
        let place = SQLiteStoreTests.Place()
        let store = try SQLiteStore(path: place.path)
        let executor = FakeExecutor { attempt, _ in
            if attempt.task.id == "g.y" { throw TaskFailure("broken") }
            return .success
        }
        var definition = pipeline(retries: 2)
        definition.groups[0].retries = RetryPolicy(count: 2, delay: .zero, jitter: 0)
        let result = try await PipelineRunner(store: store, executor: executor).run(definition)
        #expect(result.state == .failed)
        #expect(try await store.run(result.id)?.groupRetries == ["g": 2])
        #expect(try await store.apply(.clear(["g.y"]), to: result.id, by: Author("me")))
        #expect(try await store.run(result.id)?.groupRetries == [:])
        try store.close()
    }

    @Test("groups in groups: the inner one is tried again first")
    func nested() throws {
        var run = try MachineDriver(
            PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "g.h.x", group: "g.h"), TaskDefinition(id: "g.z", group: "g", upstream: ["g.h"]),
                    TaskDefinition(id: "end", upstream: ["g"]),
                ],
                groups: [
                    TaskGroupDefinition(id: "g", retries: RetryPolicy(count: 1, delay: .seconds(1), jitter: 0)),
                    TaskGroupDefinition(id: "g.h", retries: RetryPolicy(count: 1, delay: .seconds(1), jitter: 0)),
                ]))
        run.start()
        run.fail("g.h.x")
        #expect(run["g.h.x"] == .upForRetry && run["g.z"] == TaskState.none)
        run.fire(.retry(AttemptKey(task: "g.h.x", number: 1)))
        run.fail("g.h.x")
        // Now the one around it.
        #expect(run["g.h.x"] == .upForRetry && run["g.z"] == TaskState.none)
        run.fire(.retry(AttemptKey(task: "g.h.x", number: 2)))
        run.succeed("g.h.x")
        run.succeed("g.z")
        run.succeed("end")
        #expect(run.finished == .success)
    }

    @Test("a task outside between two of the group's is a mistake")
    func between() {
        let definition = PipelineDefinition(
            id: "p",
            tasks: [
                TaskDefinition(id: "g.x", group: "g"), TaskDefinition(id: "out", upstream: ["g.x"]),
                TaskDefinition(id: "g.y", group: "g", upstream: ["out"]),
            ], groups: [TaskGroupDefinition(id: "g", retries: RetryPolicy(count: 1))])
        #expect(throws: OrchestrateError.self) { try TaskGraph(definition) }
    }
}

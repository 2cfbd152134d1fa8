import Testing

@testable import Orchestrate

struct WaitingTests {
    @Test("tasks that wait take no room, and do not wait for any")
    func room() throws {
        var waiting = TaskDefinition(id: "w")
        waiting.isWaiting = true
        var other = waiting
        other.id = "w2"
        var driver = try MachineDriver(
            [TaskDefinition(id: "a"), waiting, other, TaskDefinition(id: "b")], maxActiveTasks: 1)
        driver.start()
        #expect(driver["w"] == .running && driver["w2"] == .running && driver["a"] == .running && driver["b"] == .scheduled)
        #expect(driver.machine.explanation(of: "b") == "waits for room: 1 of at most 1 tasks are under way")
        driver.succeed("w")
        #expect(driver["b"] == .scheduled)
        driver.succeed("a")
        #expect(driver["b"] == .running)
        driver.succeed("b")
        driver.succeed("w2")
        #expect(driver.finished == .success)
    }

    @Test("the store tells of the ends of runs")
    func ends() async throws {
        let place = SQLiteStoreTests.Place()
        let store = try SQLiteStore(path: place.path)
        var ends = store.runEnds().makeAsyncIterator()
        let result = try await PipelineRunner(store: store, executor: FakeExecutor()).run(
            PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a")]))
        #expect(await ends.next() == result.id)
        let waiting = RunRecord(
            id: RunID(pipeline: "p", name: "w"), request: RunRequest(), queuedAt: .now, isManaged: true)
        try await store.enqueue(waiting, tasks: [], by: Author("me"))
        _ = try await store.apply(.cancel(reason: "x"), to: waiting.id, by: Author("me"))
        #expect(await ends.next() == waiting.id)
    }
}

import Testing

@testable import Orchestrate

/// What the reference has found wrong once.
struct RegressionTests {
    @Test("goes on after a crash in which several attempts were lost of a pipeline that fails fast")
    func lostAndFailFast() throws {
        let lost = RunStateMachine.Prior(state: .running, attempts: 1)
        let pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a"), TaskDefinition(id: "b")], failFast: true)
        var driver = try MachineDriver(pipeline, prior: ["a": lost, "b": lost])
        driver.start()
        #expect(driver["a"] == .failed && driver["b"] == .failed)
        #expect(driver.finished == .failed)
        #expect(driver.actions.count { if case .attemptEnded = $0 { true } else { false } } == 2)
    }

    @Test("asks for the run before again when a task that waited for it was marked and then cleared")
    func pastAfterClear() throws {
        var driver = try MachineDriver([TaskDefinition(id: "a", dependsOnPast: true), TaskDefinition(id: "b")])
        driver.start()
        driver.send(.pastChecked("a", waitsBecause: "not yet"))
        driver.send(.tasksMarked(["a"], .success))
        driver.send(.timerFired(.past("a")))
        driver.send(.tasksCleared(["a"]))
        #expect(driver.actions.contains(.checkPast("a")))
        driver.send(.pastChecked("a", waitsBecause: nil))
        #expect(driver["a"] == .queued)
    }
}

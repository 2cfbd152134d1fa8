import Testing

@testable import Orchestrate

@Suite("Attempts that outlive their process, and failures of what runs them")
struct DurableTests {
    private func machine(_ prior: [TaskID: RunStateMachine.Prior] = [:]) throws -> RunStateMachine {
        let tasks = [
            TaskDefinition(id: "pod", retries: RetryPolicy(count: 1, jitter: 0), isDurable: true), TaskDefinition(id: "here"),
            TaskDefinition(id: "next", upstream: ["pod", "here"]),
        ]
        return RunStateMachine(graph: try TaskGraph(PipelineDefinition(id: "p", tasks: tasks)), dueAt: now, prior: prior)
    }

    private let now = Timestamp(seconds: 1000)
    private let pod = AttemptKey(task: "pod", number: 1)

    @Test("one that was under way when its process went is taken up under its own number")
    func resumes() throws {
        for (state, resumption) in [(TaskState.running, TaskAttempt.Resumption.running), (.queued, .queued)] {
            var machine = try machine(["pod": .init(state: state, attempts: 1, isLate: false)])
            let actions = machine.handle(.runStarted, at: now)
            #expect(actions.contains(.resumeAttempt(pod, resumption)))
            #expect(!actions.contains(.startAttempt(AttemptKey(task: "pod", number: 2))))
            #expect(machine.uncountedAttempts(of: "pod") == 0)
            _ = machine.handle(.attemptStarted(pod), at: now)
            _ = machine.handle(.attemptSucceeded(pod, .success), at: now)
            #expect(machine.state(of: "pod") == .success)
        }
    }

    @Test("when the run is put down it is let go of and stays as it is, and others are ended")
    func letGo() throws {
        var machine = try machine()
        _ = machine.handle(.runStarted, at: now)
        _ = machine.handle(.attemptStarted(pod), at: now)
        let actions = machine.handle(.suspendRequested(reason: "stopped"), at: now)
        #expect(actions.contains(.letGoOfAttempt(pod)))
        let here = AttemptKey(task: "here", number: 1)
        #expect(actions.contains(.cancelAttempt(here, reason: "stopped")))
        _ = machine.handle(.attemptFailed(here, .interrupted("stopped")), at: now)
        let end = machine.handle(.attemptFailed(pod, TaskFailure("cancelled")), at: now)
        #expect(end == [.attemptLetGo(pod), .runSuspended])
    }

    @Test("a result that comes while the run is put down counts")
    func resultCounts() throws {
        var machine = try machine()
        _ = machine.handle(.runStarted, at: now)
        _ = machine.handle(.attemptStarted(pod), at: now)
        _ = machine.handle(.suspendRequested(reason: "stopped"), at: now)
        let actions = machine.handle(.attemptSucceeded(pod, .success), at: now)
        #expect(actions.contains(.attemptEnded(pod, .success, nil)))
    }

    @Test("infrastructure that fails does not cost a retry, up to five times")
    func infrastructure() throws {
        var machine = try machine()
        _ = machine.handle(.runStarted, at: now)
        var number = 1
        func fail(_ isInfrastructure: Bool) -> [RunStateMachine.Action] {
            let key = AttemptKey(task: "pod", number: number)
            _ = machine.handle(.attemptStarted(key), at: now)
            let failure = TaskFailure("gone", isInfrastructure: isInfrastructure)
            var actions = machine.handle(.attemptFailed(key, failure), at: now)
            actions += machine.handle(.timerFired(.retry(key)), at: now)
            number += 1
            return actions
        }
        for count in 1...5 {
            #expect(fail(true).contains(.startAttempt(AttemptKey(task: "pod", number: number))))
            #expect(machine.uncountedAttempts(of: "pod") == count)
        }
        // The task's own retry is still there, and then all is used up.
        #expect(fail(false).contains(.startAttempt(AttemptKey(task: "pod", number: number))))
        #expect(!fail(true).contains(.startAttempt(AttemptKey(task: "pod", number: number))))
        #expect(machine.state(of: "pod") == .failed)
    }
}

import Testing

@testable import Orchestrate

struct RunStateMachineTests {
    @Test("runs tasks after what they wait for, and succeeds")
    func order() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["a"]),
            TaskDefinition(id: "d", upstream: ["b", "c"]),
        ])
        run.start()
        #expect(run.started.map(\.task) == ["a"])
        run.succeed("a")
        #expect(run.started.map(\.task) == ["a", "b", "c"])
        run.succeed("c")
        #expect(run["d"] == TaskState.none)
        run.succeed("b")
        #expect(run["d"] == .running)
        run.succeed("d")
        #expect(run.finished == .success)
    }

    @Test("ends a pipeline without tasks at once")
    func empty() throws {
        var run = try MachineDriver([])
        run.send(.runStarted)
        #expect(run.finished == .success)
    }

    @Test("never starts more than max_active_tasks, by priority and then by definition")
    func limit() throws {
        var run = try MachineDriver(
            ["a", "b", "c", "d"].map { TaskDefinition(id: $0, priority: $0 == "d" ? 5 : 0) }, maxActiveTasks: 2)
        run.start()
        #expect(run.started.map(\.task) == ["d", "a"])
        #expect(run["b"] == .scheduled)
        #expect(run.machine.explanation(of: "b") == "waits for room: 2 of at most 2 tasks are under way")
        run.succeed("a")
        #expect(run.started.map(\.task) == ["d", "a", "b"])
    }

    @Test("passes failure on, and the leaves decide how the run ends")
    func failure() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["b"]),
        ])
        run.start()
        run.fail("a")
        #expect([run["a"], run["b"], run["c"]] == [.failed, .upstreamFailed, .upstreamFailed])
        #expect(run.finished == .failed)

        var swept = try MachineDriver([
            TaskDefinition(id: "a"), TaskDefinition(id: "sla", upstream: ["a"], triggerRule: .allDone),
        ])
        swept.start()
        swept.fail("a")
        #expect(swept["sla"] == .running)
        swept.succeed("sla")
        #expect(swept.finished == .success)
    }

    @Test("tries again after the pause, as often as allowed")
    func retries() throws {
        let policy = RetryPolicy(count: 2, delay: .seconds(10), backoff: 2, jitter: 0)
        var run = try MachineDriver([TaskDefinition(id: "a", retries: policy)])
        run.start()
        run.fail("a")
        #expect(run["a"] == .upForRetry)
        #expect(run.timers[.retry(AttemptKey(task: "a", number: 1))] == run.now + .seconds(10))
        #expect(run.machine.explanation(of: "a")?.contains("attempt 1 failed") == true)
        run.fire(.retry(AttemptKey(task: "a", number: 1)))
        #expect(run.started.last == AttemptKey(task: "a", number: 2))
        run.fail("a")
        #expect(run.timers[.retry(AttemptKey(task: "a", number: 2))] == run.now + .seconds(20))
        run.fire(.retry(AttemptKey(task: "a", number: 2)))
        run.fail("a")
        #expect(run["a"] == .failed)
        #expect(run.finished == .failed)
    }

    @Test("does not try again what cannot get better")
    func notRetryable() throws {
        var run = try MachineDriver([TaskDefinition(id: "a", retries: RetryPolicy(count: 5))])
        run.start()
        run.fail("a", retryable: false)
        #expect(run.finished == .failed)
    }

    @Test("ignores news of attempts and timers that no longer matter")
    func staleNews() throws {
        var run = try MachineDriver([TaskDefinition(id: "a", retries: RetryPolicy(count: 1, jitter: 0))])
        run.start()
        run.fail("a")
        let first = AttemptKey(task: "a", number: 1)
        run.send(.attemptSucceeded(first, .success))
        #expect(run.actions.isEmpty)
        run.fire(.retry(first))
        run.send(.timerFired(.retry(first)))
        run.send(.attemptFailed(first, TaskFailure("late")))
        run.send(.timerFired(.timeout(first)))
        run.send(.timerFired(.deadline("nobody")))
        #expect(run.actions.isEmpty)
        #expect(run["a"] == .running)
        run.succeed("a")
        run.send(.cancelRequested(reason: "too late"))
        #expect(run.actions.isEmpty)
        #expect(run.finished == .success)
    }

    @Test("ends an attempt that takes too long, and counts it as a failure")
    func timeout() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "a", retries: RetryPolicy(count: 1, jitter: 0), timeout: .seconds(60))
        ])
        run.send(.runStarted)
        #expect(run.timers.isEmpty, "the time counts from when the work begins")
        run.begin()
        let key = AttemptKey(task: "a", number: 1)
        run.fire(.timeout(key))
        #expect(run.cancelled == [key])
        run.fail("a")
        #expect(run["a"] == .upForRetry)
        #expect(
            run.actions.contains {
                if case .attemptEnded(key, .failed, let failure) = $0 { failure?.message == "timed out after 1m" } else { false }
            })
        run.fire(.retry(key))
        run.succeed("a")
        #expect(run.timers.isEmpty)
        #expect(run.finished == .success)
    }

    @Test("reports a missed deadline once, while the task is under way")
    func deadline() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "a", deadline: .seconds(60)), TaskDefinition(id: "b", upstream: ["a"], deadline: .seconds(90)),
        ])
        let due = run.now
        run.start()
        #expect(run.timers == [.deadline("a"): due + .seconds(60), .deadline("b"): due + .seconds(90)])
        run.fire(.deadline("a"))
        #expect(run.actions == [.reportLate("a")])
        run.send(.timerFired(.deadline("a")))
        #expect(run.actions.isEmpty)
        run.succeed("a")
        run.fire(.deadline("b"))
        #expect(run.actions == [.reportLate("b")])
        run.succeed("b")
        #expect(run.finished == .success)
    }

    @Test("finds a missed deadline at the end, should the timer be late itself")
    func deadlineAtEnd() throws {
        var pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a", deadline: .seconds(60))])
        pipeline.deadline = .seconds(30)
        var run = try MachineDriver(pipeline)
        run.start()
        run.now = run.now + .seconds(61)
        run.succeed("a")
        #expect(run.actions.isEmpty || run.finished == .success)
        #expect(run.machine.isLate)
    }

    @Test("cancels what is under way, skips the rest, and waits for the ends")
    func cancel() throws {
        var run = try MachineDriver(
            [
                TaskDefinition(id: "done"), TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]),
                TaskDefinition(id: "retrying", retries: RetryPolicy(count: 1)),
                TaskDefinition(id: "always", upstream: ["b"], triggerRule: .allDone),
            ])
        run.start()
        run.succeed("done")
        run.fail("retrying")
        run.send(.cancelRequested(reason: "cancelled"))
        #expect(run.cancelled.map(\.task) == ["a"])
        #expect(run.finished == nil)
        #expect([run["b"], run["always"], run["retrying"]] == [.skipped, .skipped, .failed])
        run.send(.cancelRequested(reason: "again"))
        #expect(run.cancelled.count == 1)
        run.fail("a")
        #expect(run["a"] == .failed)
        #expect(run["done"] == .success)
        #expect(run.finished == .cancelled)
    }

    @Test("keeps a success that came before the cancellation was heard")
    func cancelRace() throws {
        var run = try MachineDriver([TaskDefinition(id: "a")])
        run.start()
        run.send(.cancelRequested(reason: "cancelled"))
        run.succeed("a")
        #expect(run["a"] == .success)
        #expect(run.finished == .cancelled)
    }

    @Test("can be cancelled before it starts")
    func cancelBeforeStart() throws {
        var run = try MachineDriver([TaskDefinition(id: "a")])
        run.send(.cancelRequested(reason: "cancelled"))
        #expect(run["a"] == .skipped)
        #expect(run.finished == .cancelled)
    }

    @Test("stops at the first failure where the pipeline fails fast")
    func failFast() throws {
        var run = try MachineDriver(
            [TaskDefinition(id: "a"), TaskDefinition(id: "b"), TaskDefinition(id: "c", upstream: ["b"])], failFast: true)
        run.start()
        run.fail("a")
        #expect(run.cancelled.map(\.task) == ["b"])
        run.fail("b")
        #expect(run["c"] == .skipped)
        #expect(run.finished == .failed)
    }

    @Test("stops a run that takes longer than its timeout")
    func runTimeout() throws {
        var pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"])])
        pipeline.timeout = .seconds(3600)
        var run = try MachineDriver(pipeline)
        run.start()
        run.fire(.runTimeout)
        run.fail("a")
        #expect(run.finished == .failed)
        #expect(run.actions.contains(.finishRun(.failed, reason: "the run took longer than 1h")))
    }

    @Test("follows the chosen branch and what comes after it")
    func branch() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "branch"), TaskDefinition(id: "x", upstream: ["branch"]),
            TaskDefinition(id: "y", upstream: ["branch"], triggerRule: .allDone),
            TaskDefinition(id: "join", upstream: ["x", "y", "branch"], triggerRule: .noneFailedMinOneSuccess),
        ])
        run.start()
        run.succeed("branch", TaskOutcome(continuation: .only(["x"])))
        #expect([run["x"], run["y"]] == [.running, .skipped])
        run.succeed("x")
        #expect(run["join"] == .running)
    }

    @Test("fails a branch that chooses what does not follow it")
    func wrongBranch() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "branch", retries: RetryPolicy(count: 3)), TaskDefinition(id: "left", upstream: ["branch"]),
        ])
        run.start()
        run.succeed("branch", TaskOutcome(continuation: .only(["lefd"])))
        #expect(run["branch"] == .failed)
        #expect(run.finished == .failed)
    }

    @Test("skips all that follows a short circuit, or only what follows directly")
    func shortCircuit() throws {
        let tasks = [
            TaskDefinition(id: "check"), TaskDefinition(id: "a", upstream: ["check"]),
            TaskDefinition(id: "b", upstream: ["a"], triggerRule: .allDone),
        ]
        var run = try MachineDriver(tasks)
        run.start()
        run.succeed("check", TaskOutcome(continuation: .stop(directOnly: false)))
        #expect([run["a"], run["b"]] == [.skipped, .skipped])
        #expect(run.finished == .success)
        run = try MachineDriver(tasks)
        run.start()
        run.succeed("check", TaskOutcome(continuation: .stop(directOnly: true)))
        #expect([run["a"], run["b"]] == [.skipped, .running])
    }

    @Test("takes a run up again: what is done stays, attempts are counted on")
    func resume() throws {
        var run = try MachineDriver(
            PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["b"]),
                ]),
            prior: ["a": .init(state: .success, attempts: 1), "b": .init(state: .none, attempts: 2)])
        run.start()
        #expect(run.started == [AttemptKey(task: "b", number: 3)])
        run.succeed("b")
        run.succeed("c")
        #expect(run.started.map(\.task) == ["b", "c"])
        #expect(run.finished == .success)
    }

    @Test("says why each waiting task does not run")
    func explanations() throws {
        var run = try MachineDriver([
            TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]),
        ])
        #expect(run.machine.explanation(of: "a") == "the run has not started")
        run.send(.runStarted)
        #expect(run.machine.explanation(of: "a") == "waits for the executor to begin")
        #expect(run.machine.explanation(of: "b") == "waits for 'a' (all_success)")
        run.begin()
        #expect(run.machine.explanation(of: "a") == nil)
    }

    @Test("takes 10,000 tasks in a chain and side by side")
    func large() throws {
        for isChain in [true, false] {
            let tasks = (0..<10_000).map { index in
                TaskDefinition(id: "t\(index)", upstream: isChain && index > 0 ? ["t\(index - 1)"] : [])
            }
            var machine = RunStateMachine(
                graph: try TaskGraph(PipelineDefinition(id: "p", tasks: tasks)), dueAt: Timestamp(seconds: 0))
            var pending = machine.handle(.runStarted, at: Timestamp(seconds: 0))
            var count = 0
            while let action = pending.popLast() {
                guard case .startAttempt(let key) = action else { continue }
                count += 1
                pending += machine.handle(.attemptStarted(key), at: Timestamp(seconds: 0))
                pending += machine.handle(.attemptSucceeded(key, .success), at: Timestamp(seconds: 0))
            }
            #expect(count == 10_000)
            #expect(machine.state == .success)
        }
    }
}

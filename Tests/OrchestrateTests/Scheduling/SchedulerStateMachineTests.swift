import Testing

@testable import Orchestrate

struct SchedulerStateMachineTests {
    private func time(_ text: String) throws -> Timestamp { try Timestamp(parsing: text) }

    private func pipeline(
        _ schedule: Schedule, catchup: Bool = false, maxActiveRuns: Int = 1, start: String? = "2024-01-01"
    ) throws -> PipelineDefinition {
        PipelineDefinition(
            id: "p", tasks: [], maxActiveRuns: maxActiveRuns, schedule: schedule, startDate: try start.map { try time($0) },
            catchup: catchup)
    }

    private func daily() throws -> Schedule { .cron([try CronSchedule("@daily")]) }

    private func started(_ actions: [SchedulerStateMachine.Action]) -> [String] {
        actions.compactMap { if case .startRun(_, let request) = $0 { request.name } else { nil } }
    }

    @Test("starts a run when its interval ends, and asks to be woken for the next")
    func cron() throws {
        var scheduler = SchedulerStateMachine()
        let definition = try pipeline(daily(), start: "2024-06-01")
        #expect(
            scheduler.handle(.pipelineSet(definition, isPaused: false, history: .init()), at: try time("2024-06-01T12:00"))
                == [.wake(at: try time("2024-06-02"))])
        let actions = scheduler.handle(.woke, at: try time("2024-06-02"))
        #expect(started(actions) == ["scheduled__2024-06-01T00:00:00Z"])
        guard case .startRun(_, let request) = actions[0] else { return }
        #expect(request.dueAt == (try time("2024-06-02")))
        #expect(request.dataInterval?.end == (try time("2024-06-02")))
        let name = try #require(request.name)
        let after = scheduler.handle(.runFinished(RunID(pipeline: "p", name: name)), at: try time("2024-06-02T00:05"))
        #expect(after == [.wake(at: try time("2024-06-03"))])
    }

    @Test("catches up one run after the other, as many at once as may be")
    func catchup() throws {
        var scheduler = SchedulerStateMachine()
        let now = try time("2024-01-06T12:00")
        let definition = try pipeline(daily(), catchup: true, maxActiveRuns: 2)
        let first = scheduler.handle(.pipelineSet(definition, isPaused: false, history: .init()), at: now)
        #expect(started(first) == ["scheduled__2024-01-01T00:00:00Z", "scheduled__2024-01-02T00:00:00Z"])
        guard case .startRun(_, let request) = first[0] else { return }
        #expect(request.dueAt == nil, "what makes up for the past is not late")
        var all = started(first)
        var place = 0
        while place < all.count {
            all += started(scheduler.handle(.runFinished(RunID(pipeline: "p", name: all[place])), at: now))
            place += 1
        }
        #expect(all.count == 5)
    }

    @Test("starts nothing while paused, and the last interval once unpaused")
    func paused() throws {
        var scheduler = SchedulerStateMachine()
        let definition = try pipeline(daily())
        let actions = scheduler.handle(.pipelineSet(definition, isPaused: true, history: .init()), at: try time("2024-03-01"))
        #expect(actions.isEmpty)
        let unpaused = scheduler.handle(.pauseChanged("p", isPaused: false), at: try time("2024-03-05T12:00"))
        #expect(started(unpaused) == ["scheduled__2024-03-04T00:00:00Z"])
    }

    @Test("lets requests wait for room, and starts them first")
    func requests() throws {
        var scheduler = SchedulerStateMachine()
        let now = try time("2024-03-01T12:00")
        _ = scheduler.handle(.pipelineSet(try pipeline(.manual), isPaused: false, history: .init()), at: now)
        #expect(started(scheduler.handle(.triggered("p", RunRequest(name: "one")), at: now)) == ["one"])
        #expect(started(scheduler.handle(.triggered("p", RunRequest(name: "two")), at: now)).isEmpty)
        #expect(started(scheduler.handle(.runFinished(RunID(pipeline: "p", name: "one")), at: now)) == ["two"])
        #expect(scheduler.handle(.runFinished(RunID(pipeline: "p", name: "one")), at: now).isEmpty)
    }

    @Test("goes on where the store says that it stopped")
    func history() throws {
        var scheduler = SchedulerStateMachine()
        let last = DataInterval(start: try time("2024-03-01"), end: try time("2024-03-02"))
        let history = SchedulerStateMachine.History(lastInterval: last, activeRuns: ["running"])
        let now = try time("2024-03-03T12:00")
        let definition = try pipeline(daily(), catchup: true)
        #expect(started(scheduler.handle(.pipelineSet(definition, isPaused: false, history: history), at: now)).isEmpty)
        let actions = scheduler.handle(.runFinished(RunID(pipeline: "p", name: "running")), at: now)
        #expect(started(actions) == ["scheduled__2024-03-02T00:00:00Z"])
    }

    @Test("keeps what it knows when a definition changes, and forgets a pipeline that is gone")
    func changes() throws {
        var scheduler = SchedulerStateMachine()
        let now = try time("2024-03-01T12:00")
        let first = scheduler.handle(.pipelineSet(try pipeline(daily()), isPaused: false, history: .init()), at: now)
        #expect(started(first).count == 1)
        #expect(
            started(scheduler.handle(.pipelineSet(try pipeline(daily()), isPaused: false, history: .init()), at: now)).isEmpty)
        #expect(scheduler.handle(.pipelineRemoved("p"), at: now).allSatisfy { $0 == .wake(at: nil) })
        #expect(scheduler.handle(.woke, at: try time("2025-01-01")).isEmpty)
    }

    @Test("runs again and again what is continuous")
    func continuous() throws {
        var scheduler = SchedulerStateMachine()
        var now = try time("2024-03-01T12:00")
        var name = started(
            scheduler.handle(.pipelineSet(try pipeline(.continuous), isPaused: false, history: .init()), at: now)
        ).first
        for _ in 0..<3 {
            now = now + .seconds(60)
            name = started(scheduler.handle(.runFinished(RunID(pipeline: "p", name: try #require(name))), at: now)).first
            #expect(name != nil)
        }
    }

    @Test("holds 10,000 pipelines, and wakes only for those that are due")
    func many() throws {
        var scheduler = SchedulerStateMachine()
        var now = try time("2024-03-01T00:00")
        for index in 0..<10_000 {
            var definition = try pipeline(.every(IntervalSchedule(every: .seconds(86_400), anchor: now + .seconds(index))))
            definition.id = PipelineID("p\(index)")
            definition.startDate = now + .seconds(index)
            _ = scheduler.handle(.pipelineSet(definition, isPaused: false, history: .init()), at: now)
        }
        now = try time("2024-03-02T00:00")
        var count = 0
        for _ in 0..<100 {
            count += started(scheduler.handle(.woke, at: now)).count
            now = now + .seconds(1)
        }
        #expect(count == 100)
    }
}

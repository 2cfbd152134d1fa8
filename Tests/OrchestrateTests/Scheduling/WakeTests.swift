import Testing

@testable import Orchestrate

struct WakeTests {
    private func pipeline(_ id: PipelineID, _ cron: String) throws -> PipelineDefinition {
        PipelineDefinition(id: id, tasks: [TaskDefinition(id: "a")], schedule: .cron([try CronSchedule(cron)]))
    }

    @Test("who wakes for a moment that is no more is told the next one")
    func movedOn() throws {
        var machine = SchedulerStateMachine()
        let now = try Timestamp(parsing: "2026-01-01T09:50:00Z")
        let ten = try Timestamp(parsing: "2026-01-01T10:00:00Z")
        let eleven = try Timestamp(parsing: "2026-01-01T11:00:00Z")
        let last = DataInterval(
            start: try Timestamp(parsing: "2025-12-31T10:00:00Z"), end: try Timestamp(parsing: "2025-12-31T11:00:00Z"))
        for (id, cron) in [("a", "0 10 * * *"), ("b", "0 11 * * *")] as [(PipelineID, String)] {
            var definition = try pipeline(id, cron)
            definition.startDate = last.start - .seconds(86_400)
            let interval = DataInterval(
                start: try #require(definition.schedule.previous(atOrBefore: now)) - .seconds(86_400),
                end: try #require(definition.schedule.previous(atOrBefore: now)))
            _ = machine.handle(.pipelineSet(definition, isPaused: false, history: .init(lastInterval: interval)), at: now)
        }
        // The first is paused while a sleeper waits for it; it wakes, and there is nothing to do.
        #expect(machine.handle(.pauseChanged("a", isPaused: true), at: now) == [.wake(at: eleven)])
        #expect(machine.handle(.woke, at: ten) == [.wake(at: eleven)])
        let actions = machine.handle(.woke, at: eleven)
        #expect(actions.contains { if case .startRun("b", _) = $0 { true } else { false } }, "\(actions)")
    }
}

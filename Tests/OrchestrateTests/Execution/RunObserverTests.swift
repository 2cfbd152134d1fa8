import Synchronization
import Testing

@testable import Orchestrate

@Suite("Observers of runs")
struct RunObserverTests {
    private final class Witness: RunObserver {
        let seen = Mutex<[String]>([])

        func observe(_ event: RunEvent, of run: ObservedRun) {
            let text: String? =
                switch event.kind {
                case .runStarted: "started"
                case .taskRetrying(let key, _, _): "retrying \(key)"
                case .taskFinished(let result): "\(result.id) \(result.state)"
                case .taskLate(let task, _): "late \(task)"
                case .runRecovered(let before): "recovered after \(before.name)"
                case .runFinished(let result): "\(result.state) \(run.record.state) of \(run.definition.owner ?? "")"
                default: nil
                }
            if let text { seen.withLock { $0.append("\(event.run.name): \(text)") } }
        }
    }

    private let place = SQLiteStoreTests.Place()

    @Test("hear of retries, failures, lateness and recovery, in order, with the run as it stands")
    func hears() async throws {
        let store = try SQLiteStore(path: place.path)
        let witness = Witness()
        let pipeline = PipelineDefinition(
            id: "p", tasks: [TaskDefinition(id: "a", retries: RetryPolicy(count: 1, delay: .zero), deadline: .microseconds(1))],
            owner: "ada")
        func run(_ name: String, fails: Bool) async throws {
            let executor = FakeExecutor { _, _ in
                if fails { throw TaskFailure("broken") }
                return .success
            }
            _ = try await PipelineRunner(store: store, executor: executor, observers: [witness]).run(
                pipeline, request: RunRequest(name: name))
        }
        try await run("one", fails: true)
        try await run("two", fails: false)
        try await run("three", fails: false)
        let seen = witness.seen.withLock { $0 }
        #expect(
            seen.filter { !$0.contains("late") } == [
                "one: started", "one: retrying a#1", "one: a failed", "one: failed failed of ada", "two: started",
                "two: a success",
                "two: recovered after one", "two: success success of ada", "three: started", "three: a success",
                "three: success success of ada",
            ])
        #expect(seen.filter { $0.contains("late") } == ["one: late a", "two: late a", "three: late a"], "once for each run")
        try store.close()
    }
}

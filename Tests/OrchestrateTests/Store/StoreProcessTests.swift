import Foundation
import Testing

@testable import Orchestrate

/// Several processes on one store, some of them killed.
struct StoreProcessTests {
    private let place = SQLiteStoreTests.Place()

    @Test("finds the run of a killed process, and closes it at the next opening")
    func killed() async throws {
        let path = place.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SQLiteStore(path: path)
            let pipeline = PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["b"]),
                ])
            let executor = FakeExecutor { attempt, _ in
                if attempt.task.id == "b" { kill(getpid(), SIGKILL) }
                return .success
            }
            _ = try await PipelineRunner(store: store, executor: executor).run(pipeline, request: RunRequest(name: "killed"))
        }
        let store = try SQLiteStore(path: path)
        let id = RunID(pipeline: "p", name: "killed")
        let run = try #require(try await store.run(id))
        #expect(run.state == .failed)
        #expect(run.reason?.contains("ended without finishing it") == true)
        #expect(run.finishedAt != nil)
        #expect(try await store.tasks(of: id).map(\.result.state) == [.success, .failed, .skipped])
        #expect(try await store.attempts(of: id).map(\.state) == [.success, .failed])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "-owners").isEmpty)
    }

    @Test("lets several processes run pipelines on one store at once")
    func concurrent() async throws {
        let path = place.path
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<3 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String, worker = worker as Int] in
                        let store = try SQLiteStore(path: path)
                        let pipeline = PipelineDefinition(
                            id: PipelineID("p\(worker)"),
                            tasks: (0..<5).map { TaskDefinition(id: "t\($0)", upstream: $0 > 0 ? ["t\($0 - 1)"] : []) })
                        for _ in 0..<20 {
                            let result = try await PipelineRunner(store: store, executor: FakeExecutor()).run(pipeline)
                            guard result.state == .success else { exit(3) }
                            guard try await store.closeOrphans().isEmpty else { exit(4) }
                        }
                        try store.close()
                    }
                }
            }
        }
        let store = try SQLiteStore(path: path)
        let runs = try await store.runs(limit: 1000)
        #expect(runs.count == 60)
        #expect(runs.allSatisfy { $0.state == .success })
    }
}

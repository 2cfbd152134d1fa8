import Documents
import Foundation
import GRDB
import Testing

@testable import Orchestrate

struct SQLiteStoreTests {
    /// A directory of its own for each test.
    final class Place {
        let directory = NSTemporaryDirectory() + "leat-store-\(UUID().uuidString)"
        var path: String { directory + "/leat.db" }
        deinit { try? FileManager.default.removeItem(atPath: directory) }
    }

    private let place = Place()
    private let pipeline = PipelineDefinition(
        id: "p",
        tasks: [
            TaskDefinition(id: "a", kind: "sync"), TaskDefinition(id: "g.b", group: "g", upstream: ["a"]),
            TaskDefinition(id: "c", upstream: ["g"]),
        ])

    @Test("keeps what a run did, over reopening")
    func keeps() async throws {
        let store = try SQLiteStore(path: place.path)
        let executor = FakeExecutor { attempt, report in
            if attempt.task.id == "g.b" { throw TaskFailure("broken", hint: "mend it", output: ["rows": [1, 2]]) }
            return TaskOutcome(output: ["n": 1], message: "done", rows: 10, bytes: 100)
        }
        let request = RunRequest(
            kind: .scheduled, logicalDate: Timestamp(seconds: 100),
            dataInterval: DataInterval(start: Timestamp(seconds: 100), end: Timestamp(seconds: 200)), parameters: ["x": "y"],
            note: "a note", dueAt: Timestamp(seconds: 200))
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline, request: request)
        try store.close()

        let again = try SQLiteStore(path: place.path)
        let run = try #require(try await again.run(result.id))
        #expect(run.state == .failed && run.kind == .scheduled && run.note == "a note" && run.parameters == ["x": "y"])
        #expect(run.dataInterval == request.dataInterval && run.dueAt == request.dueAt && run.logicalDate == request.logicalDate)
        #expect(run.startedAt == result.startedAt && run.finishedAt == result.finishedAt)
        let tasks = try await again.tasks(of: result.id)
        #expect(tasks.map(\.result) == result.tasks)
        #expect(tasks[1].group == "g" && tasks[0].kind == "sync")
        let attempts = try await again.attempts(of: result.id)
        #expect(attempts.map(\.key.task) == ["a", "g.b"])
        #expect(attempts[1].failure == result["g.b"]?.failure)
        #expect(try await again.attempts(of: result.id, task: "a").count == 1)
        #expect(try await again.runs(of: "p").map(\.id) == [result.id])
        #expect(try await again.runs(of: nil, states: [.running], limit: 5).isEmpty)
    }

    @Test("refuses a second run of one name")
    func duplicates() async throws {
        let store = try SQLiteStore(path: place.path)
        let runner = PipelineRunner(store: store, executor: FakeExecutor())
        _ = try await runner.run(pipeline, request: RunRequest(name: "one"))
        let error = await #expect(throws: OrchestrateError.self) {
            try await runner.run(pipeline, request: RunRequest(name: "one"))
        }
        #expect(error?.kind == .duplicateRun)
    }

    @Test("refuses more active runs than the pipeline may have, but not for those of dead processes")
    func activeRuns() async throws {
        let first = try SQLiteStore(path: place.path)
        let graph = try TaskGraph(pipeline)
        func book(_ name: String) -> RunBook {
            RunBook(graph: graph, run: RunRecord(id: RunID(pipeline: "p", name: name), request: RunRequest(), queuedAt: .now))
        }
        try await first.create(book("one").run, tasks: book("one").tasks, maxActiveRuns: 1)
        let second = try SQLiteStore(path: place.path)
        let error = await #expect(throws: OrchestrateError.self) {
            try await second.create(book("two").run, tasks: book("two").tasks, maxActiveRuns: 1)
        }
        #expect(error?.kind == .tooManyRuns)
        #expect(error?.message == "pipeline 'p' may have 1 active run, and 'one' is active")
        try await second.create(book("two").run, tasks: book("two").tasks, maxActiveRuns: 2)
        first.owners.release()
        try await second.create(book("three").run, tasks: book("three").tasks, maxActiveRuns: 2)
        #expect(try await second.run(RunID(pipeline: "p", name: "one"))?.state == .failed)
    }

    @Test("removes old runs with all that belongs to them")
    func removes() async throws {
        let store = try SQLiteStore(path: place.path)
        let runner = PipelineRunner(store: store, executor: FakeExecutor())
        let result = try await runner.run(pipeline)
        #expect(try await store.removeRuns(of: nil, finishedBefore: result.startedAt) == 0)
        #expect(try await store.removeRuns(of: "other", finishedBefore: .now + .seconds(1)) == 0)
        #expect(try await store.removeRuns(of: "p", finishedBefore: .now + .seconds(1)) == 1)
        #expect(try await store.run(result.id) == nil)
        #expect(
            try await store.pool.read {
                try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM task) + (SELECT count(*) FROM attempt)")
            } == 0)
    }

    @Test("remembers what is paused, and values by scope")
    func values() async throws {
        let store = try SQLiteStore(path: place.path)
        #expect(try await store.isPaused("p") == nil)
        try await store.setPaused(true, of: "p")
        try await store.setValue(["cursor": 5], of: "Clients", in: "connection")
        try await store.setValue(["cursor": 6], of: "Clients", in: "connection")
        let again = try SQLiteStore(path: place.path)
        #expect(try await again.isPaused("p") == true)
        try await again.setPaused(false, of: "p")
        #expect(try await store.isPaused("p") == false)
        #expect(try await again.value(of: "Clients", in: "connection") == ["cursor": 6])
        #expect(try await again.value(of: "Clients", in: "pipeline") == nil)
        try await again.setValue(nil, of: "Clients", in: "connection")
        #expect(try await store.value(of: "Clients", in: "connection") == nil)
    }

    @Test("records a cancelled run")
    func cancelled() async throws {
        let store = try SQLiteStore(path: place.path)
        let started = Collected<Int>()
        let executor = FakeExecutor { _, _ in
            started.add(1)
            try await Task.sleep(for: .seconds(600))
            return .success
        }
        let pipeline = pipeline
        let run = Task { try await PipelineRunner(store: store, executor: executor).run(pipeline) }
        while started.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        let result = try await run.value
        #expect(try await store.run(result.id)?.state == .cancelled)
        #expect(try await store.tasks(of: result.id).map(\.result) == result.tasks)
    }

    @Test("says clearly what is wrong with a file that is no store")
    func corrupt() throws {
        try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
        try String(repeating: "this is no database ", count: 500).write(toFile: place.path, atomically: true, encoding: .utf8)
        let error = #expect(throws: OrchestrateError.self) { try SQLiteStore(path: place.path) }
        #expect(error?.kind == .storeCorrupt)
        #expect(error?.message.contains(place.path) == true)
        #expect(error?.hint?.contains("move the file away") == true)
    }

    @Test("says clearly that a file cannot be written")
    func unwritable() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        let error = #expect(throws: OrchestrateError.self) { try SQLiteStore(path: place.path) }
        #expect(error?.kind == .storeUnwritable)
        try "x".write(toFile: place.directory + "/file", atomically: true, encoding: .utf8)
        let inFile = #expect(throws: OrchestrateError.self) { try SQLiteStore(path: place.directory + "/file/leat.db") }
        #expect(inFile?.kind == .storeUnwritable)
    }

    @Test("refuses a file of a newer version")
    func tooNew() throws {
        let store = try SQLiteStore(path: place.path)
        try store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
        try store.close()
        let error = #expect(throws: OrchestrateError.self) { try SQLiteStore(path: place.path) }
        #expect(error?.kind == .storeTooNew)
    }

    @Test("leaves the runs of living instances alone, and closes those of dead ones")
    func orphans() async throws {
        let first = try SQLiteStore(path: place.path)
        let id = RunID(pipeline: "p", name: "open")
        let graph = try TaskGraph(pipeline)
        var book = RunBook(graph: graph, run: RunRecord(id: id, request: RunRequest(), queuedAt: .now))
        try await first.create(book.run, tasks: book.tasks, maxActiveRuns: 1)
        book.changeRun { $0.state = .running }
        book.changeTask(0) { $0.state = .running }
        book.addAttempt(AttemptKey(task: "a", number: 1), at: .now)
        try await first.record(try #require(book.takeChanges()))

        let second = try SQLiteStore(path: place.path)
        #expect(try await second.closeOrphans().isEmpty)
        #expect(try await second.run(id)?.state == .running)
        #expect(try await first.closeOrphans().isEmpty)

        // Giving up the lock is what the end of a process does.
        first.owners.release()
        #expect(try await second.closeOrphans() == [id])
        #expect(try await second.run(id)?.state == .failed)
        #expect(try await second.run(id)?.reason?.contains("ended without finishing it") == true)
        #expect(try await second.tasks(of: id).map(\.result.state) == [.failed, .skipped, .skipped])
        #expect(try await second.attempts(of: id).map(\.state) == [.failed])
        #expect(try await second.attempts(of: id).first?.failure?.code == "task.lost")
        #expect(try await second.closeOrphans().isEmpty)
    }

    @Test("records 1,000 empty tasks")
    func thousand() async throws {
        let store = try SQLiteStore(path: place.path)
        let pipeline = PipelineDefinition(id: "p", tasks: (0..<1000).map { TaskDefinition(id: "t\($0)") })
        let result = try await PipelineRunner(store: store, executor: FakeExecutor()).run(pipeline)
        #expect(result.state == .success)
        #expect(try await store.tasks(of: result.id).allSatisfy { $0.result.state == .success })
    }
}

import Documents
import Foundation
import Testing

@testable import Orchestrate

struct PipelineRunnerTests {
    private let store = MemoryStore()
    private let chain = PipelineDefinition(
        id: "p",
        tasks: [
            TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["b"]),
        ])

    @Test("runs a pipeline, tells what happens in order, and records it")
    func runs() async throws {
        let executor = FakeExecutor { attempt, report in
            report(.progress(TaskProgress(rows: 5, bytes: 50)))
            report(.log(LogLine("working on \(attempt.task.id)")))
            return TaskOutcome(output: .string("out of \(attempt.task.id)"), message: "5 rows", rows: 7)
        }
        let events = Collected<RunEvent>()
        let result = try await PipelineRunner(store: store, executor: executor).run(chain) { events.add($0) }
        #expect(result.state == .success)
        #expect(!result.hasFailures)
        #expect(result.tasks.map(\.state) == [.success, .success, .success])
        #expect(result["a"]?.rows == 7 && result["a"]?.bytes == 50 && result["a"]?.message == "5 rows")

        let texts = events.all.map { Self.short($0.kind) }
        #expect(texts.first == "run started" && texts.last == "run finished success")
        let ofA = texts.filter { $0.hasSuffix(" a") }
        #expect(ofA == ["queued a", "started a", "progress a", "log a", "finished a"])
        #expect(try #require(texts.firstIndex(of: "finished a")) < #require(texts.firstIndex(of: "started b")))

        let run = try #require(try await store.run(result.id))
        #expect(run.state == .success && run.finishedAt != nil && run.startedAt != nil)
        let tasks = try await store.tasks(of: result.id)
        #expect(tasks.map(\.result) == result.tasks)
        #expect(tasks[2].result.output == "out of c")
        let attempts = try await store.attempts(of: result.id)
        #expect(attempts.count == 3 && attempts.allSatisfy { $0.state == .success && $0.rows == 7 && $0.finishedAt != nil })
    }

    static func short(_ kind: RunEvent.Kind) -> String {
        switch kind {
        case .runStarted: "run started"
        case .taskQueued(let key): "queued \(key.task)"
        case .taskStarted(let key): "started \(key.task)"
        case .taskProgress(let key, _): "progress \(key.task)"
        case .taskLog(let key, _): "log \(key.task)"
        case .taskLogOmitted(let lines): "omitted \(lines)"
        case .taskRetrying(let key, _, _): "retrying \(key.task)"
        case .taskFinished(let task): "finished \(task.id)"
        case .taskLate(let task, _): "late \(task)"
        case .runLate: "run late"
        case .runRecovered: "run recovered"
        case .runFinished(let result): "run finished \(result.state.rawValue)"
        }
    }

    @Test("hands outputs on to later tasks")
    func outputs() async throws {
        let executor = FakeExecutor { attempt, _ in
            let before = attempt.task.upstream.first.flatMap { attempt.outputs[$0]?.int } ?? 0
            return TaskOutcome(output: .int(before + 1))
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(chain)
        #expect(result["c"]?.output == .int(3))
    }

    @Test("keeps the failure with its message, hint and output, and skips what follows")
    func failure() async throws {
        let executor = FakeExecutor { attempt, _ in
            if attempt.task.id == "b" { throw TaskFailure("2 rows failed", hint: "look", output: ["rows": 2]) }
            return .success
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(chain)
        #expect(result.state == .failed && result.hasFailures)
        #expect(result.tasks.map(\.state) == [.success, .failed, .upstreamFailed])
        #expect(result.failedTasks.map(\.id) == ["b"])
        #expect(result["b"]?.failure?.output["rows"] == .int(2))
        #expect(result["b"]?.message == "2 rows failed")
        #expect(result["c"]?.message == "a task before it failed")
        #expect(result["c"]?.startedAt == nil)
    }

    @Test("counts failures also where the last task sweeps them up")
    func sweptFailure() async throws {
        let pipeline = PipelineDefinition(
            id: "p", tasks: [TaskDefinition(id: "a"), TaskDefinition(id: "sla", upstream: ["a"], triggerRule: .allDone)])
        let executor = FakeExecutor { attempt, _ in
            if attempt.task.id == "a" { throw TaskFailure("no") }
            return .success
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline)
        #expect(result.state == .success)
        #expect(result.hasFailures)
    }

    @Test("waits between attempts by its own clock")
    func retries() async throws {
        let clock = JumpingClock()
        let start = clock.now()
        let events = Collected<RunEvent>()
        let executor = FakeExecutor { attempt, _ in
            if attempt.number < 3 { throw TaskFailure("not yet") }
            return .success
        }
        let pipeline = PipelineDefinition(
            id: "p",
            tasks: [
                TaskDefinition(
                    id: "a",
                    retries: RetryPolicy(count: 2, delay: .seconds(600), backoff: 2, jitter: 0, maximumDelay: .seconds(9999)))
            ])
        let result = try await PipelineRunner(store: store, executor: executor, clock: clock).run(pipeline) { events.add($0) }
        #expect(result.state == .success)
        #expect(result["a"]?.attempts == 3)
        #expect(result["a"]?.failure == nil)
        #expect(clock.now() - start == .seconds(1800))
        #expect(
            events.all.filter { if case .taskRetrying(_, _, let moment?) = $0.kind { moment > start } else { false } }.count == 2)
        #expect(try await store.attempts(of: result.id).map(\.state) == [.failed, .failed, .success])
    }

    @Test("ends only the attempt that takes too long")
    func timeout() async throws {
        let pipeline = PipelineDefinition(
            id: "p", tasks: [TaskDefinition(id: "slow", timeout: .milliseconds(50)), TaskDefinition(id: "other")])
        let executor = FakeExecutor { attempt, _ in
            try await Task.sleep(for: attempt.task.id == "slow" ? .seconds(3600) : .milliseconds(200))
            return .success
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline)
        #expect(result["slow"]?.failure?.code == "task.timeout")
        #expect(result["other"]?.state == .success)
    }

    @Test("reports late while the task still runs")
    func late() async throws {
        let pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "slow", deadline: .milliseconds(50))])
        let events = Collected<RunEvent>()
        let executor = FakeExecutor { _, _ in
            while !events.all.contains(where: { if case .taskLate = $0.kind { true } else { false } }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            return .success
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline) { events.add($0) }
        #expect(result.state == .success)
        #expect(result["slow"]?.lateAt != nil)
        #expect(events.all.filter { if case .taskLate = $0.kind { true } else { false } }.count == 1)
    }

    @Test("shows a task as queued until its executor begins")
    func queued() async throws {
        let pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a")])
        let events = Collected<RunEvent>()
        let executor = FakeExecutor(startsLater: true) { _, report in
            try await Task.sleep(for: .milliseconds(30))
            report(.began)
            return .success
        }
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline) { events.add($0) }
        #expect(
            events.all.map { Self.short($0.kind) } == [
                "run started", "queued a", "started a", "finished a", "run finished success",
            ])
        let attempt = try #require(try await store.attempts(of: result.id).first)
        #expect(try #require(attempt.startedAt) > attempt.queuedAt)
    }

    @Test("ends in well under a second when its task is cancelled, and records it", arguments: [1, 40])
    func cancellation(tasks: Int) async throws {
        let started = Collected<TaskID>()
        let pipeline = PipelineDefinition(
            id: "p",
            tasks: (0..<tasks).map { TaskDefinition(id: "t\($0)", retries: RetryPolicy(count: 3), deadline: .seconds(3600)) }
                + [TaskDefinition(id: "after", upstream: ["t0"], triggerRule: .allDone)])
        let executor = FakeExecutor { attempt, _ in
            started.add(attempt.task.id)
            try await Task.sleep(for: .seconds(600))
            return .success
        }
        let store = store
        let run = Task { try await PipelineRunner(store: store, executor: executor).run(pipeline) }
        while started.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        let result = try await run.value
        #expect(result.state == .cancelled)
        #expect(result.reason == "cancelled")
        #expect(result["after"]?.state == .skipped)
        #expect(result.tasks.allSatisfy { $0.state == .failed || $0.state == .skipped })
        #expect(try await store.run(result.id)?.state == .cancelled)
        #expect(try await store.tasks(of: result.id).allSatisfy { $0.result.state.isFinished })
    }

    @Test("waits in peace for a task that takes its time to end")
    func slowCancellation() async throws {
        let pipeline = PipelineDefinition(
            id: "p",
            tasks: [
                TaskDefinition(id: "a", deadline: .seconds(1)),
                TaskDefinition(id: "b", retries: RetryPolicy(count: 1, delay: .seconds(60))),
            ])
        let started = Collected<TaskID>()
        let executor = FakeExecutor { attempt, _ in
            started.add(attempt.task.id)
            if attempt.task.id == "b" { throw TaskFailure("again") }
            try? await Task.sleep(for: .seconds(600))
            await Task.detached { try? await Task.sleep(for: .milliseconds(300)) }.value
            return .success
        }
        let store = store
        let run = Task { try await PipelineRunner(store: store, executor: executor).run(pipeline) }
        while started.all.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        let result = try await run.value
        #expect(result.state == .cancelled)
        #expect(result["a"]?.state == .success)
        #expect(result["b"]?.state == .failed)
        #expect(store.writes < 10)
    }

    @Test("works in a task that is cancelled already")
    func cancelledBefore() async throws {
        let store = store
        let chain = chain
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await PipelineRunner(store: store, executor: FakeExecutor()).run(chain)
        }
        let result = try await run.value
        #expect(result.state == .cancelled)
        #expect(result.tasks.allSatisfy { $0.state == .skipped })
        #expect(try await store.run(result.id)?.state == result.state)
    }

    @Test("stops the run when the store fails, and says so")
    func storeFailure() async throws {
        let store = MemoryStore(failsAfter: 1)
        let executor = FakeExecutor { attempt, _ in
            if attempt.task.id == "b" { try await Task.sleep(for: .seconds(600)) }
            return .success
        }
        let error = await #expect(throws: OrchestrateError.self) {
            try await PipelineRunner(store: store, executor: executor).run(chain)
        }
        #expect(error?.kind == .storeUnwritable)
    }

    @Test("writes logs as lines of JSON, one file per attempt")
    func logs() async throws {
        let directory = NSTemporaryDirectory() + "leat-logs-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let executor = FakeExecutor { attempt, report in
            report(.log(LogLine("first \"line\"\n\u{1}", level: .warning, stream: "stderr")))
            report(.log(LogLine("attempt \(attempt.number)")))
            if attempt.number == 1 { throw TaskFailure("again") }
            return .success
        }
        let pipeline = PipelineDefinition(
            id: "../p", tasks: [TaskDefinition(id: "g/a b.run", retries: RetryPolicy(count: 1)), TaskDefinition(id: "quiet")])
        let quiet = FakeExecutor { attempt, report in
            attempt.task.id == "quiet" ? .success : try await executor.body(attempt, report)
        }
        let runner = PipelineRunner(store: store, executor: quiet, clock: JumpingClock(), logDirectory: directory)
        let result = try await runner.run(pipeline)
        let attempts = try await store.attempts(of: result.id)
        let logged = attempts.filter { $0.logPath != nil }.sorted { $0.key.number < $1.key.number }
        #expect(logged.map(\.key.number) == [1, 2])
        #expect(attempts.first { $0.key.task == "quiet" }?.logPath == nil)
        let path = try #require(logged.last?.logPath)
        #expect(path.hasPrefix(directory + "/%2E./") == false)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            LogLine(parsing: Array($0.utf8))
        }
        #expect(lines.map { $0?.text } == ["first \"line\"\n\u{1}", "attempt 2"])
        #expect(lines[0]?.level == .warning && lines[0]?.stream == "stderr" && lines[0]?.time != nil)
    }

    @Test(
        "makes file names that every system takes",
        arguments: [
            ("a.b-c_1+", "a.b-c_1+"), ("../x", "%2E.%2Fx"), ("a b/ü", "a%20b%2F%C3%BC"), ("", "%00"), (".hidden", "%2Ehidden"),
            ("manual__2026-01-01T00:00:00Z", "manual__2026-01-01T00%3A00%3A00Z"),
        ])
    func fileNames(name: String, file: String) { #expect(AttemptLog.fileName(name) == file) }

    @Test("keeps long names short and apart")
    func longFileNames() {
        let names = (0..<3).map { AttemptLog.fileName(String(repeating: "x", count: 300) + "\($0)") }
        #expect(Set(names).count == 3)
        #expect(names.allSatisfy { $0.utf8.count < 255 })
    }

    @Test("leaves out log lines rather than filling memory when nobody takes them")
    func flood() async throws {
        let events = Collected<Int>()
        let executor = FakeExecutor { _, report in
            for line in 0..<20_000 { report(.log(LogLine("\(line)"))) }
            return .success
        }
        let pipeline = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a")])
        _ = try await PipelineRunner(store: store, executor: executor).run(pipeline) { event in
            switch event.kind {
            case .taskLog:
                if events.all.isEmpty { usleep(200_000) }
                events.add(1)
            case .taskLogOmitted(let lines): events.add(lines)
            default: break
            }
        }
        #expect(events.all.reduce(0, +) == 20_000)
    }

    @Test("refuses a wrong definition before anything runs")
    func wrongDefinition() async throws {
        await #expect(throws: OrchestrateError.self) {
            try await PipelineRunner(store: store, executor: FakeExecutor())
                .run(PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a", upstream: ["b"])]))
        }
        #expect(try await store.runs().isEmpty)
    }
}

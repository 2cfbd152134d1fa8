import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Synchronization
import Testing

@testable import Orchestrate

@Suite("Trouble with many pods", .timeLimit(.minutes(10)))
struct PodChaosTests {
    private static func pipeline(_ count: Int) -> PipelineDefinition {
        PipelineDefinition(
            id: "wide", tasks: (0..<count).map { TaskDefinition(id: TaskID("t\($0)"), isDurable: true) }, maxActiveTasks: count,
            maxActiveRuns: 1)
    }

    private func log(_ text: String) -> String { PodMessage.log(LogLine(text, stream: "sync")).line }

    @Test(
        "whatever is cut, lost and restarted while they run, each of 40 attempts runs once, and tells each line once",
        arguments: [1, 2, 3])
    func storm(seed: UInt64) async throws {
        let server = try TestAPIServer()
        try await server.start()
        let kubelet = ScriptedKubelet(server.store) { _ in
            let pause = ScriptedKubelet.Step.does { try? await Task.sleep(for: .milliseconds(2)) }
            let lines = (0..<10).flatMap { [ScriptedKubelet.Step.log([self.log("line \($0)")]), pause] }
            return [pause, .scheduled(), pause, .running] + lines + [.ended(code: 0, message: threeRows)]
        }
        let running = Task { await kubelet.run() }
        let executor = try PodExecutor(server.port)
        let storm = Task {
            var random = SeededRandom(seed: seed)
            // A storm without end would be faster than any progress on a machine with much to do.
            for _ in 0..<150 where !Task.isCancelled {
                switch Int.random(in: 0..<10, using: &random) {
                case 0: server.endStreams()
                case 1: server.cutStreams()
                case 2: server.cutWithinNextObject()
                case 3: server.expireWatches()
                case 4: server.store.compact()
                case 5: server.fail("create", "pods", .loseAnswer, .status(503, retryAfter: 1))
                case 6: server.fail("create", "secrets", .loseAnswer)
                case 7: server.fail("list", "pods", .hangUp, .status(500))
                case 8: server.sendBookmarks()
                default:
                    await server.stop()
                    while (try? await server.start()) == nil, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(3)) }
                }
                try? await Task.sleep(for: .milliseconds(3))
            }
        }
        let lines = Gathered<String>()
        let unread = Gathered<AttemptKey>()
        let store = MemoryStore()
        let result = try await PipelineRunner(store: store, executor: executor).run(
            Self.pipeline(40), request: RunRequest(name: "r")
        ) {
            guard case .taskLog(let key, let line) = $0.kind else { return }
            if line.stream == "sync" { lines.add("\(key) \(line.text)") }
            if line.text.hasPrefix("the log cannot be read") { unread.add(key) }
        }
        // The last stroke may still be under way, and the server away.
        await storm.value
        #expect(result.state == .success)
        #expect(kubelet.startedPods.values.allSatisfy { $0 == 1 })
        #expect(server.store.creations.values.allSatisfy { $0 == 1 })
        #expect(kubelet.startedPods.count == result.tasks.reduce(0) { $0 + $1.attempts })
        // Where an attempt was made again, it has told its lines again.
        let told = Dictionary(grouping: lines.all) { $0 }
        #expect(told.values.allSatisfy { $0.count == 1 })
        // The clock lets the pauses between tries pass at once, so that a server that is away may outlast them: then that is said.
        for task in result.tasks {
            let key = AttemptKey(task: task.id, number: task.attempts)
            let count = told.keys.count { $0.hasPrefix("\(key) ") }
            #expect(count == 10 || unread.all.contains(key), "\(key): \(count) lines")
        }
        await executor.executor.close()
        running.cancel()
        server.store.ring()
        await running.value
        await server.stop()
    }
}

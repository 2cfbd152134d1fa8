import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Orchestrate

/// 500 pods at once, all of which are done as soon as they begin: what is left is the overhead. Benchmarks/kubernetes.sh runs it.
@Suite(
    "Benchmark of pods",
    .enabled(if: ProcessInfo.processInfo.environment["LEAT_BENCH"] != nil, "only Benchmarks/kubernetes.sh runs it"))
struct PodBenchmark {
    private func cpuSeconds() -> Double {
        var times = tms()
        _ = Foundation.times(&times)
        return Double(times.tms_utime + times.tms_stime) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test("overhead of a pod")
    func overhead() async throws {
        let count = 500
        let server = try TestAPIServer()
        try await server.start()
        let kubelet = ScriptedKubelet(server.store) { _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }
        let running = Task { await kubelet.run() }
        let executor = try PodExecutor(server.port)
        let pipeline = PipelineDefinition(
            id: "wide", tasks: (0..<count).map { TaskDefinition(id: TaskID("t\($0)"), isDurable: true) }, maxActiveTasks: count)
        let place = SQLiteStoreTests.Place()
        let store = try SQLiteStore(path: place.path)
        let (before, start) = (cpuSeconds(), ContinuousClock.now)
        let result = try await PipelineRunner(store: store, executor: executor).run(pipeline, request: RunRequest(name: "r"))
        let (wall, cpu) = (ContinuousClock.now - start, cpuSeconds() - before)
        #expect(result.state == .success)
        await executor.executor.close()
        running.cancel()
        server.store.ring()
        await running.value
        await server.stop()
        try store.close()
        let line =
            "\(count) pods: \(wall.inSeconds * 1000 / Double(count)) ms of wall time and \(cpu * 1000 / Double(count)) ms of CPU time each, with the API server and the kubelet of the test"
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

import ClusterSupport
import Foundation
import Orchestrate
import Testing

/// 500 pods at once, all of which are done as soon as they begin: what the program uses is the overhead. Benchmarks/kubernetes.sh runs it.
@Suite(
    "Benchmark of pods",
    .enabled(if: ProcessInfo.processInfo.environment["LEAT_BENCH"] != nil, "only Benchmarks/kubernetes.sh runs it"))
struct PodBenchmark {
    /// The processor time of processes that have ended.
    private func cpuSeconds() -> Double {
        var times = tms()
        _ = Foundation.times(&times)
        return Double(times.tms_cutime + times.tms_cstime) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test("overhead of a pod")
    func overhead() async throws {
        let count = 500
        let tasks = (0..<count).map { "      t\($0): {command: [\"true\"]}" }.joined(separator: "\n")
        let project = try ScratchProject(
            """
            name: shop
            version: 1
            kubernetes: {image: "shop:1", namespace: jobs}
            pipelines:
              wide:
                max_active_tasks: \(count)
                defaults: {executor: kubernetes}
                tasks:
            \(tasks)
            """)
        let done = PodResult(.success(TaskOutcome(message: "done"))).terminationMessage
        try await ProgramCluster.with(in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: done)] }) {
            cluster in
            let binary = ProcessInfo.processInfo.environment["LEAT_BIN"].map { URL(filePath: $0) } ?? LeatProcess.binary
            let (before, start) = (cpuSeconds(), ContinuousClock.now)
            let run = try LeatProcess(["run", "wide"], in: project.directory, environment: cluster.environment, binary: binary)
            let ended = try await run.ended()
            let (wall, cpu) = (ContinuousClock.now - start, cpuSeconds() - before)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(cluster.server.store.creations.count == count)
            let figures = [cpu, wall / .seconds(1)].map { String(format: "%.1f ms", $0 * 1000 / Double(count)) }
            let line = "\(count) pods, for each \(figures[0]) CPU time of Leat, \(figures[1]) wall time with the test's cluster"
            FileHandle.standardOutput.write(Data((line + "\n").utf8))
        }
    }
}

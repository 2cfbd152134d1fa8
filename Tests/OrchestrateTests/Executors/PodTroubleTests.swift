import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Orchestrate

@Suite("Pods whose logs, clocks and connections are in trouble", .timeLimit(.minutes(10)))
struct PodTroubleTests {
    private func firstPod(_ harness: PodHarness) async throws -> Pod {
        while harness.server.store.pods.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        return harness.server.store.pods[0]
    }

    private func told(_ text: String, _ harness: PodHarness) async {
        await harness.reports.wait { reports in
            reports.contains { if case .log(let line) = $0 { line.text == text } else { false } }
        }
    }

    @Test(
        "a log that begins late, is cut within a character, rotated, ended early and comes in a burst is told whole, each line once"
    )
    func log() async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            let (server, kubelet) = (harness.server, harness.kubelet)
            server.fail(
                "get", "pods/log",
                .status(400, reason: "BadRequest", message: "container \"main\" in pod is waiting to start: ContainerCreating"),
                .hangUp, .status(502, message: "dial tcp 10.0.0.3:10250: connect: connection refused"))
            let task = Task { try await harness.run() }
            let pod = try await firstPod(harness)
            kubelet.apply(.scheduled(), to: pod)
            kubelet.apply(.running, to: pod)
            // More than the 16 KiB that container runtimes keep together, and more than a megabyte.
            let long = String(repeating: "ä€😀", count: 130_000)
            kubelet.apply(.log(["first", long]), to: pod)
            await told(long, harness)
            server.cutWithinNextObject()
            let other = String(repeating: "😀", count: 4001)
            kubelet.apply(.log([other]), to: pod)
            await told(other, harness)
            server.store.changeLog(of: pod.metadata.uid, container: "main") { $0.lines.removeAll() }
            kubelet.apply(.log(["rotated"]), to: pod)
            await told("rotated", harness)
            // The kubelet is started again, and the stream ends as if that were all.
            server.endStreams()
            let burst = (0..<1000).map { "row \($0) " + String(repeating: "x", count: 1000) }
            kubelet.apply(.log(burst), to: pod)
            kubelet.apply(.ended(code: 0, message: threeRows), to: pod)
            #expect(try await task.value.rows == 3)
            #expect(harness.lines == ["first", long, other, "rotated"] + burst)
        }
    }

    @Test("clocks of the cluster that are hours before or behind change neither result nor log", arguments: [-36_000.0, 36_000])
    func clocks(skew: TimeInterval) async throws {
        // The nodes' clock begins at this moment.
        let begin = Date(timeIntervalSince1970: 1_790_000_000)
        try await PodHarness.with(clock: TestClusterClock(now: begin.addingTimeInterval(skew)), { _ in [] }) { harness in
            var harness = harness
            harness.settings.deletePolicy = .never
            harness.settings.ttl = .seconds(60)
            let (server, kubelet) = (harness.server, harness.kubelet)
            server.fail("create", "pods", .loseAnswer, .status(503))
            let task = Task { [harness] in try await harness.run() }
            let pod = try await firstPod(harness)
            for step in [ScriptedKubelet.Step.scheduled(), .running, .log(["one", "two"])] { kubelet.apply(step, to: pod) }
            await told("two", harness)
            server.cutStreams()
            kubelet.apply(.log(["three"]), to: pod)
            kubelet.apply(.ended(code: 0, message: threeRows), to: pod)
            #expect(try await task.value.rows == 3)
            #expect(harness.lines == ["one", "two", "three"])
            // Lines have the time of the node that they come from.
            let times = harness.reports.all.compactMap { report -> Timestamp? in
                if case .log(let line) = report, line.stream == "pod" { line.time } else { nil }
            }
            #expect(times.count == 3)
            #expect(times.allSatisfy { $0 - Timestamp(seconds: 1_790_000_000) < .seconds(60) })
            // How long a pod is kept is counted by this side's clock alone.
            harness.executor.attemptWasRecorded(harness.attempt())
            while server.store.pods.first?.metadata.annotations["leat.dev/delete-after"] == nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            let expiry = server.store.pods.first?.metadata.annotations["leat.dev/delete-after"].flatMap { Double($0) }
            #expect(expiry == begin.timeIntervalSince1970 + skew + 60)
        }
    }

    @Test("a server that is about to go, and ends each connection after one answer, costs no attempt and no line")
    func goingAway() async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            let (server, kubelet) = (harness.server, harness.kubelet)
            let task = Task { try await harness.run() }
            let pod = try await firstPod(harness)
            kubelet.apply(.scheduled(), to: pod)
            kubelet.apply(.running, to: pod)
            kubelet.apply(.log(["one"]), to: pod)
            await told("one", harness)
            server.closeConnections()
            server.endStreams()
            kubelet.apply(.log(["two"]), to: pod)
            await told("two", harness)
            await server.stop()
            kubelet.apply(.log(["three"]), to: pod)
            try await server.start()
            await told("three", harness)
            kubelet.apply(.ended(code: 0, message: threeRows), to: pod)
            #expect(try await task.value.rows == 3)
            #expect(harness.lines == ["one", "two", "three"])
            #expect(server.store.creations.values.allSatisfy { $0 == 1 })
        }
    }
}

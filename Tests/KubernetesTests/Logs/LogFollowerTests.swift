import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@Suite("Following logs of a server", .timeLimit(.minutes(10)))
struct LogFollowerTests {
    private let base = 1_790_000_000_000_000_000

    private func append(_ texts: [String], at offset: Int, _ pair: Pair, _ pod: Pod) {
        pair.server.store.changeLog(of: pod.metadata.uid, container: "main") { file in
            for (index, text) in texts.enumerated() {
                file.lines.append((base + offset + index * 1000, Array(text.utf8)))
            }
        }
    }

    @Test("each line is told once, however often the stream is cut, and the last ones after the end")
    func follows() async throws {
        try await Pair.with { pair in
            let pod = try await pair.client.createPod(podJSON("p"), in: "jobs")
            let told = Gathered<String>()
            let end = ContainerEnd()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // The container has not begun: the server refuses, and is asked again.
                group.addTask {
                    try await LogFollower(pair.client, pod: "p", namespace: "jobs", container: "main").run(
                        until: end, tell: { told.add($0.text) })
                }
                let long = String(repeating: "ä€😀", count: 20_000)
                append(["one", "two", "two", long], at: 0, pair, pod)
                await told.wait { $0.count == 4 }
                pair.server.cutStreams()
                append(["three"], at: 500_000, pair, pod)
                await told.wait { $0.count == 5 }
                pair.server.cutWithinNextObject()
                append(["four", "five"], at: 600_000, pair, pod)
                await told.wait { $0.count == 7 }
                // The kubelet is started again, and the stream ends as if all were read.
                pair.server.endStreams()
                append(["six"], at: 5_000_000_000, pair, pod)
                await told.wait { $0.count == 8 }
                append(["last"], at: 6_000_000_000, pair, pod)
                end.announce()
                pair.server.store.changeLog(of: pod.metadata.uid, container: "main") { $0.isOpen = false }
                try await group.waitForAll()
                #expect(told.all == ["one", "two", "two", long, "three", "four", "five", "six", "last"])
            }
        }
    }

    @Test("a log that must not be read says which right is missing")
    func forbidden() async throws {
        try await Pair.with { pair in
            try await pair.client.createPod(podJSON("p"), in: "jobs")
            pair.server.deny("get pods/log")
            let error = await error {
                try await LogFollower(pair.client, pod: "p", namespace: "jobs", container: "main").run(
                    until: ContainerEnd(), tell: { _ in })
            }
            #expect(error?.message == "the right to get pods/log 'p' in namespace 'jobs' is missing")
        }
    }

    @Test("the log of a pod that is gone ends with that")
    func gone() async throws {
        try await Pair.with { pair in
            let end = ContainerEnd()
            end.announce()
            let error = await error {
                try await LogFollower(pair.client, pod: "p", namespace: "jobs", container: "main").run(until: end, tell: { _ in })
            }
            #expect(error?.kind == .notFound)
        }
    }
}

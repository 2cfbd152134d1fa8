import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@Suite("Watching pods of a server", .timeLimit(.minutes(10)))
struct PodWatchTests {
    /// What a watch tells, in words.
    private func watching(
        _ pair: Pair, _ body: (Gathered<String>) async throws -> Void
    ) async throws {
        let news = Gathered<String>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await PodWatch(pair.client, namespace: "jobs", labels: "app=leat").run { item in
                    switch item {
                    case .change(let change): news.add("\(change.kind.rawValue) \(change.object.metadata.name)")
                    case .caughtUp: news.add("caught up")
                    }
                }
            }
            try await body(news)
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    private func settled(_ pair: Pair) async throws {
        while pair.server.openStreams == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("changes are told as they happen, whatever becomes of the streams")
    func allKinds() async throws {
        try await Pair.with { pair in
            let client = pair.client
            try await client.createPod(podJSON("first"), in: "jobs")
            try await watching(pair) { news in
                await news.wait { $0.last == "caught up" }
                #expect(news.all == ["ADDED first", "caught up"])
                try await client.createPod(podJSON("second"), in: "jobs")
                try await client.createPod(podJSON("foreign", labels: ["app": "x"]), in: "jobs")
                await news.wait { $0.contains("ADDED second") }
                // The server ends the stream, as it does after its time.
                pair.server.endStreams()
                try await client.createPod(podJSON("third"), in: "jobs")
                await news.wait { $0.contains("ADDED third") }
                // The stream is cut within an object.
                try await settled(pair)
                pair.server.cutWithinNextObject()
                try await client.createPod(podJSON("fourth"), in: "jobs")
                await news.wait { $0.contains("ADDED fourth") }
                // Its label goes, and so does the pod for this watch.
                try await client.patchPod("first", in: "jobs", ["metadata": ["labels": ["app": "y"]]])
                await news.wait { $0.contains("DELETED first") }
                #expect(
                    news.all == [
                        "ADDED first", "caught up", "ADDED second", "ADDED third", "ADDED fourth", "DELETED first",
                    ])
                #expect(pair.server.requests.filter { $0 == "list pods" }.count == 1)
            }
        }
    }

    @Test("after 410 within the answer, a list tells what was missed")
    func expires() async throws {
        try await Pair.with { pair in
            try await pair.client.createPod(podJSON("first"), in: "jobs")
            try await watching(pair) { news in
                await news.wait { $0.last == "caught up" }
                try await settled(pair)
                pair.server.expireWatches()
                try await pair.client.createPod(podJSON("second"), in: "jobs")
                await news.wait { $0.contains("ADDED second") }
                #expect(pair.server.requests.contains { $0 == "list pods" })
            }
        }
    }

    @Test("a server that goes, forgets its history and comes back has told everything in the end")
    func restarts() async throws {
        try await Pair.with { pair in
            let kept = try await pair.client.createPod(podJSON("kept"), in: "jobs")
            try await pair.client.createPod(podJSON("gone"), in: "jobs")
            try await watching(pair) { news in
                await news.wait { $0.last == "caught up" }
                await pair.server.stop()
                let store = pair.server.store
                try store.delete(ObjectStore.Key("pods", "jobs", "gone"), graceSeconds: 0)
                _ = try store.create(ObjectStore.Key("pods", "jobs", "new"), podJSON("new"))
                store.compact()
                try await pair.server.start()
                await news.wait { $0.filter { $0 == "caught up" }.count == 2 }
                #expect(news.all.contains("DELETED gone"))
                #expect(news.all.contains("ADDED new"))
                #expect(!news.all.contains("MODIFIED \(kept.metadata.name)"))
            }
        }
    }

    @Test("bookmarks move the version on, so that old events are not needed")
    func bookmarks() async throws {
        try await Pair.with { pair in
            try await watching(pair) { news in
                await news.wait { $0.last == "caught up" }
                try await settled(pair)
                // Much happens that this watch does not see.
                for index in 0..<5 { try await pair.client.createPod(podJSON("x\(index)", labels: ["app": "x"]), in: "jobs") }
                pair.server.sendBookmarks()
                // The bookmark comes before this, on the same stream.
                try await pair.client.createPod(podJSON("mine"), in: "jobs")
                await news.wait { $0.contains("ADDED mine") }
                pair.server.store.compact()
                pair.server.endStreams()
                try await pair.client.createPod(podJSON("next"), in: "jobs")
                await news.wait { $0.contains("ADDED next") }
                #expect(pair.server.requests.filter { $0 == "list pods" }.count == 1)
            }
        }
    }

    @Test("a stream on which nothing is heard is given up and opened again")
    func silent() async throws {
        // Here all pauses are over at once, also the longest silence of a watch.
        let clock = TestClusterClock(long: .seconds(100_000))
        try await Pair.with(clock: clock) { pair in
            try await watching(pair) { news in
                await news.wait { $0.last == "caught up" }
                while pair.server.requests.filter({ $0 == "watch pods" }).count < 3 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                // On a machine with much to do no watch would be heard in time.
                clock.lengthen(from: .seconds(120))
                try await pair.client.createPod(podJSON("late"), in: "jobs")
                await news.wait { $0.contains("ADDED late") }
            }
        }
    }

    @Test("a watch without the right ends with its name")
    func forbidden() async throws {
        try await Pair.with { pair in
            pair.server.deny("watch pods")
            let error = await error {
                try await PodWatch(pair.client, namespace: "jobs", labels: "app=leat").run { _ in }
            }
            #expect(error?.message == "the right to watch pods in namespace 'jobs' is missing")
        }
    }
}

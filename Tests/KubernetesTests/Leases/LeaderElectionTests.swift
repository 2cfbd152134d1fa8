import ClusterSupport
import Foundation
import Kubernetes
import Testing

@Suite("One leads of those that share a lease", .timeLimit(.minutes(10)))
struct LeaderElectionTests {
    private func election(_ pair: Pair, _ holder: String, seconds: Int = 1) -> LeaderElection {
        LeaderElection(pair.client, lease: "leat", namespace: "leat", holder: holder, seconds: seconds)
    }

    private func holder(_ pair: Pair) async throws -> String? { try await pair.client.lease("leat", in: "leat")?.holder }

    @Test("the first one leads; the second waits, says for whom, and follows at once when the lead is given up")
    func release() async throws {
        try await Pair.with { pair in
            // Long enough for all looks of the second.
            let (first, second) = (election(pair, "a", seconds: 15_000), election(pair, "b"))
            try await first.acquire()
            #expect(try await holder(pair) == "a")
            let heard = Gathered<String>()
            let keeping = Task { try await first.keep() }
            let waiting = Task { try await second.acquire { heard.add($0) } }
            await heard.wait { $0 == ["a"] }
            keeping.cancel()
            _ = await keeping.result
            await first.release()
            try await waiting.value
            #expect(try await holder(pair) == "b")
            #expect(heard.all == ["a"])
        }
    }

    @Test("a lease that nobody renews is taken over, and who held it finds that it has lost the lead")
    func takeover() async throws {
        try await Pair.with { pair in
            let (first, second) = (election(pair, "a", seconds: 15), election(pair, "b"))
            try await first.acquire()
            try await second.acquire()
            #expect(try await holder(pair) == "b")
            let lost = await error { try await first.keep() }
            #expect(lost?.kind == .leadLost)
            #expect(lost?.message == "'b' holds the lease 'leat' now")
            await first.release()
            #expect(try await holder(pair) == "b")
        }
    }

    @Test("who cannot renew in time gives up the lead, whatever the others do")
    func deadline() async throws {
        try await Pair.with { pair in
            let first = election(pair, "a")
            try await first.acquire()
            await pair.server.stop()
            let lost = await error { try await first.keep() }
            #expect(lost?.kind == .leadLost)
        }
    }

    @Test("of several that begin together one leads")
    func together() async throws {
        try await Pair.with { pair in
            let elections = ["a", "b", "c"].map { election(pair, $0, seconds: 15_000) }
            let leader = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, election) in elections.enumerated() {
                    group.addTask {
                        try await election.acquire()
                        return index
                    }
                }
                let first = try await group.next() ?? -1
                group.cancelAll()
                return first
            }
            #expect(try await holder(pair) == ["a", "b", "c"][leader])
        }
    }

    @Test("answers that were lost and a server that fails cost no lead")
    func trouble() async throws {
        try await Pair.with { pair in
            pair.server.fail("create", "leases", .loseAnswer)
            pair.server.fail("get", "leases", .status(500), .hangUp)
            // Long enough for a machine that is busy with other tests, for how long nobody could renew is measured by the real clock;
            // and short enough for pauses that the test's clock cuts.
            let first = election(pair, "a", seconds: 500)
            try await first.acquire()
            pair.server.fail("update", "leases", .loseAnswer, .status(503), .status(429, retryAfter: 1))
            let hasEnded = Gathered<Bool>()
            let keeping = Task {
                defer { hasEnded.add(true) }
                try await first.keep()
            }
            while hasEnded.all.isEmpty, pair.server.requests.count(where: { $0 == "update leases" }) < 8 {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(hasEnded.all.isEmpty)
            #expect(try await holder(pair) == "a")
            keeping.cancel()
            let result = await keeping.result
            #expect(throws: CancellationError.self) { try result.get() }
        }
    }
}

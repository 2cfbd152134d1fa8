import Testing

@testable import Orchestrate

struct RetryPolicyTests {
    @Test("grows the pauses up to the maximum")
    func backoff() {
        let policy = RetryPolicy(count: 9, delay: .seconds(10), backoff: 3, jitter: 0, maximumDelay: .seconds(200))
        var random = SeededRandom(seed: 1)
        let pauses = (1...5).map { policy.delay(afterAttempt: $0, using: &random) }
        #expect(pauses == [.seconds(10), .seconds(30), .seconds(90), .seconds(200), .seconds(200)])
        #expect(policy.delay(afterAttempt: 5000, using: &random) == .seconds(200))
    }

    @Test("spreads the pauses by the jitter, the same way for the same seed")
    func jitter() {
        let policy = RetryPolicy(count: 9, delay: .seconds(100), backoff: 1, jitter: 0.2)
        var random = SeededRandom(seed: 7)
        let pauses = (1...200).map { _ in policy.delay(afterAttempt: 1, using: &random) }
        #expect(pauses.allSatisfy { $0 >= .seconds(80) && $0 <= .seconds(120) })
        #expect(Set(pauses).count > 150)
        var again = SeededRandom(seed: 7)
        #expect(policy.delay(afterAttempt: 1, using: &again) == pauses[0])
    }
}

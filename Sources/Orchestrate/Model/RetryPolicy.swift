/// Whether and when a task that failed is tried again.
package struct RetryPolicy: Sendable, Hashable {
    /// How often a failed task is tried again: 0 is one attempt in all.
    package var count: Int
    /// The pause before the first retry.
    package var delay: Duration
    /// What each further pause is multiplied with: 1 keeps them equal, 2 doubles them.
    package var backoff: Double
    /// How much of a pause is left to chance, 0 to 1: 0.2 makes it 0.8 to 1.2 of its length.
    package var jitter: Double
    /// No pause is longer.
    package var maximumDelay: Duration

    /// One attempt and no more.
    package static let none = RetryPolicy(count: 0)

    package init(
        count: Int, delay: Duration = .seconds(5), backoff: Double = 2, jitter: Double = 0.1,
        maximumDelay: Duration = .seconds(600)
    ) {
        self.count = count
        self.delay = delay
        self.backoff = backoff
        self.jitter = jitter
        self.maximumDelay = maximumDelay
    }

    /// The pause after attempt `number` failed.
    package func delay(afterAttempt number: Int, using random: inout some RandomNumberGenerator) -> Duration {
        let limit = maximumDelay.inSeconds
        var seconds = min(delay.inSeconds * Double.exponent(backoff, number - 1), limit)
        if jitter > 0 { seconds *= Double.random(in: (1 - jitter)...(1 + jitter), using: &random) }
        return .microseconds(Int64(min(seconds, limit) * 1e6))
    }
}

extension Double {
    /// `base` to the power of a whole number, without a C library.
    fileprivate static func exponent(_ base: Double, _ power: Int) -> Double {
        var result = 1.0
        for _ in 0..<max(0, power) where result.isFinite { result *= base }
        return result
    }
}

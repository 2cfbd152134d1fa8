package import Foundation

/// Where the client gets time and chance from, so that tests can give them.
package protocol ClusterClock: Sendable {
    /// The present moment.
    func now() -> Date
    /// Returns when the time is over.
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(for duration: Duration) async throws
    /// A number of 0 to 1, without 1, that spreads what would happen all at once.
    func chance() -> Double
}

/// The system's clock.
package struct SystemClusterClock: ClusterClock {
    package init() {}

    package func now() -> Date { Date() }
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    package func chance() -> Double { Double.random(in: 0..<1) }
}

/// Growing pauses between attempts: 0.8 s, doubled each time, 30 s at the most, each shortened by up to a half by chance.
package struct BackOff: Sendable, Hashable {
    package var first = Duration.milliseconds(800)
    package var limit = Duration.seconds(30)
    private var count = 0

    package init() {}

    /// The next pause.
    package mutating func next(chance: Double) -> Duration {
        let whole = min(first * (1 << min(count, 10)), limit)
        count += 1
        return whole * (0.5 + chance / 2)
    }

    package mutating func reset() { count = 0 }
}

/// Where the runner gets the time from, so that tests can give it.
package protocol RunClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
    /// Returns when `moment` has come.
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until moment: Timestamp) async throws
}

/// The system's wall clock.
package struct SystemRunClock: RunClock {
    package init() {}

    package func now() -> Timestamp { .now }

    package func sleep(until moment: Timestamp) async throws {
        // In pieces, so that a clock that is set, or a machine that slept, does not make it hours late.
        while true {
            let rest = moment - now()
            guard rest > .zero else { return }
            try await Task.sleep(for: min(rest, .seconds(60)), tolerance: .milliseconds(1))
        }
    }
}

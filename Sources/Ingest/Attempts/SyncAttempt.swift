package import Connectors

/// One attempt of a sync, for its record.
package struct SyncAttempt: Sendable, Hashable {
    /// Why it came to its end before all was done.
    package struct Failure: Sendable, Hashable {
        package var type: ConnectorError.FailureType
        package var message: String
    }

    /// Counted from 1.
    package var number: Int
    package var duration: Duration
    /// Of the streams that arrived in it.
    package var rowsCommitted = 0
    package var bytesCommitted = 0
    /// Nil for the one that came to the end.
    package var failure: Failure?

    package init(number: Int, duration: Duration) {
        self.number = number
        self.duration = duration
    }

    /// For logs: `attempt 1 failed (transient_error) after 2.3 s: ...`.
    var sentence: String {
        let seconds = Double(Int(duration / .milliseconds(100))) / 10
        guard let failure else { return "attempt \(number) succeeded after \(seconds) s" }
        return "attempt \(number) failed (\(failure.type.rawValue)) after \(seconds) s: \(failure.message)"
    }
}

import Orchestrate
import Synchronization

/// Slows down who guesses passwords: after five failures of a name or an address, each further one waits twice as long, from a
/// second to a quarter of an hour. A success forgets the failures of the name.
final class LoginThrottle: Sendable {
    private struct Failures {
        var count = 0
        var last: Timestamp
    }

    private static let allowed = 5
    private static let longestWait = Duration.seconds(900)
    private let failures = Mutex<[String: Failures]>([:])

    /// How long the holder of `keys` has to wait before the next try; nil for not at all.
    func wait(of keys: [String], at now: Timestamp) -> Duration? {
        failures.withLock { failures in
            keys.compactMap { key -> Duration? in
                guard let known = failures[key], known.count >= Self.allowed else { return nil }
                let rest = known.last + Self.pause(after: known.count) - now
                return rest > .zero ? rest : nil
            }.max()
        }
    }

    func recordFailure(of keys: [String], at now: Timestamp) {
        failures.withLock { failures in
            if failures.count > 10_000 { failures = failures.filter { now - $0.value.last < Self.longestWait } }
            for key in keys {
                var known = failures[key] ?? Failures(last: now)
                // Who has let the longest wait go by begins anew.
                if now - known.last > Self.longestWait { known.count = 0 }
                known.count += 1
                known.last = now
                failures[key] = known
            }
        }
    }

    func recordSuccess(of key: String) {
        failures.withLock { $0[key] = nil }
    }

    private static func pause(after count: Int) -> Duration {
        min(.seconds(1 << min(count - allowed, 10)), longestWait)
    }
}

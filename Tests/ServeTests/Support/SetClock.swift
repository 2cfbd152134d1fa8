import Orchestrate
import Synchronization

/// A clock that stands still until a test moves it.
final class SetClock: RunClock {
    private let moment = Mutex(Timestamp(seconds: 1_800_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }

    func sleep(until moment: Timestamp) async throws { try await Task.sleep(for: .seconds(3600)) }
}

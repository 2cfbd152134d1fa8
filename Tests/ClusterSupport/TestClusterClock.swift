package import Foundation
import Kubernetes
import Synchronization

/// A clock of which short pauses are over at once, and long ones never: time limits are not what a test waits for.
package final class TestClusterClock: ClusterClock {
    private let pauses = Mutex<[Duration]>([])
    private let moment: Mutex<Date>
    private let long: Mutex<Duration>

    /// - Parameter long: pauses from this length on last until the task is cancelled.
    package init(now: Date = Date(timeIntervalSince1970: 1_790_000_000), long: Duration = .seconds(120)) {
        moment = Mutex(now)
        self.long = Mutex(long)
    }

    package func now() -> Date { moment.withLock { $0 } }
    package func advance(by seconds: TimeInterval) { moment.withLock { $0 += seconds } }
    /// From now on pauses from this length on last until the task is cancelled.
    package func lengthen(from long: Duration) { self.long.withLock { $0 = long } }
    package func chance() -> Double { 0.5 }

    /// What was waited for, in order.
    package var waited: [Duration] { pauses.withLock { $0 } }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        pauses.withLock { $0.append(duration) }
        // A moment all the same, so that whoever tries again and again leaves room for others.
        try await Task.sleep(for: duration >= long.withLock { $0 } ? .seconds(86_400) : .milliseconds(1))
    }
}

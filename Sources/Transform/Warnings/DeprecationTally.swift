import Synchronization

/// Which deprecations were met, how often: each is shown once, and counted at the end.
package final class DeprecationTally: Sendable {
    private let counts = Mutex<[(event: WarningEvent, count: Int)]>([])

    package init() {}

    /// Counts one.
    ///
    /// - Returns: whether it is the first of its kind.
    package func note(_ event: WarningEvent) -> Bool {
        counts.withLock { counts in
            guard let index = counts.firstIndex(where: { $0.event == event }) else {
                counts.append((event, 1))
                return true
            }
            counts[index].count += 1
            return false
        }
    }

    /// All that were met, in their order.
    package var summary: [(event: WarningEvent, count: Int)] { counts.withLock { $0 } }
}

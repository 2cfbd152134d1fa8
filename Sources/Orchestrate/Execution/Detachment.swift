import Synchronization

/// Whether an attempt that is cancelled shall only be let go of: its work goes on, and somebody else will see to it.
package final class Detachment: Sendable {
    private let isWantedState = Mutex(false)

    package init() {}

    package var isWanted: Bool { isWantedState.withLock { $0 } }
    package func request() { isWantedState.withLock { $0 = true } }
}

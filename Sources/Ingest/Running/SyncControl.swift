import Connectors
import Synchronization

/// Stops the sessions of a sync when its task is cancelled.
final class SyncControl: Sendable {
    private struct State {
        var isCancelled = false
        var hasMoved = false
        var interrupts: [Int: Interrupt] = [:]
        var next = 0
    }
    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Whether rows have arrived that stay, whatever comes.
    var hasMoved: Bool { state.withLock { $0.hasMoved } }
    func noteMoved() { state.withLock { $0.hasMoved = true } }

    func check() throws(CancellationError) {
        if isCancelled { throw CancellationError() }
    }

    /// Adds a session; it is stopped with the others until it is removed.
    func add(_ interrupt: Interrupt) -> Int {
        state.withLock { state in
            state.next += 1
            state.interrupts[state.next] = interrupt
            return state.next
        }
    }

    func remove(_ token: Int) { state.withLock { _ = $0.interrupts.removeValue(forKey: token) } }

    /// Returns at once.
    ///
    /// A thread asks all sessions to stop until none is left, since a request that comes between two statements has no
    /// effect; a server that does not answer is cut off.
    func cancel() {
        let isFirst = state.withLock { state in
            defer { state.isCancelled = true }
            return !state.isCancelled
        }
        guard isFirst else { return }
        BlockingThread.start("leat-cancel") { [self] in
            for round in 0..<600 {
                let interrupts = state.withLock { Array($0.interrupts.values) }
                if interrupts.isEmpty { return }
                for interrupt in interrupts {
                    if round < 8 { interrupt.cancel() } else { interrupt.abort() }
                }
                BlockingThread.sleep(.milliseconds(50))
            }
        }
    }
}

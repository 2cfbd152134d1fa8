import Foundation
import Postgres
import Synchronization

/// Stops everything that a run has under way in the warehouse.
final class CancellationSwitch: Sendable {
    private struct State {
        var isCancelled = false
        var busy: [Int: CancelHandle] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Asks the server to stop all statements; returns at once.
    ///
    /// A request can arrive before the statement it is meant for, so it is repeated until nothing runs any more; a
    /// server that does not react loses the connection.
    func cancel() {
        let isFirst = state.withLock { state in
            defer { state.isCancelled = true }
            return !state.isCancelled
        }
        guard isFirst else { return }
        let thread = Thread { [self] in
            for round in 0..<40 {
                let busy = state.withLock { Array($0.busy.values) }
                if busy.isEmpty { return }
                for handle in busy { if round < 14 { handle.cancelInBackground() } else { handle.abort() } }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        thread.name = "leat-cancel"
        thread.start()
    }

    /// Runs a statement that a cancellation must stop.
    func whileBusy<T>(_ handle: CancelHandle, _ body: () throws -> T) throws -> T {
        let slot: Int? = state.withLock { state in
            guard !state.isCancelled else { return nil }
            state.next += 1
            state.busy[state.next] = handle
            return state.next
        }
        guard let slot else { throw TransformError(.cancelled, "cancelled") }
        defer { state.withLock { $0.busy[slot] = nil } }
        do {
            return try body()
        } catch let error as PostgresError where self.isCancelled && (error.isCancellation || error.kind == .connectionLost) {
            throw TransformError(.cancelled, "cancelled")
        }
    }

    /// - Throws: ``TransformError`` with code `transform.cancelled`.
    func check() throws(TransformError) {
        if isCancelled { throw TransformError(.cancelled, "cancelled") }
    }
}

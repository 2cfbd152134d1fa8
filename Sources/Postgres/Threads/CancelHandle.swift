import Clibpq
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Stops what a connection is doing, from another thread.
///
/// `@unchecked Sendable`: the `PGcancel` is written by nobody after it was made, libpq documents `PQcancel` as safe to
/// call from any thread, and it is freed once, with the last reference.
package final class CancelHandle: @unchecked Sendable {
    private let raw: OpaquePointer?
    /// The connection's socket while it is open. The connection clears it before libpq closes the socket, so that a number
    /// which the system gave to another file is never touched.
    private let socket: Mutex<Int32?>

    init(_ connection: OpaquePointer) {
        raw = PQgetCancel(connection)
        let number = PQsocket(connection)
        socket = Mutex(number >= 0 ? number : nil)
    }

    deinit { PQfreeCancel(raw) }

    /// Asks the server to stop the statement that it runs for the connection; that then fails with SQLSTATE 57014.
    ///
    /// Opens a connection of its own and blocks until the server took the request: call it from a thread that may block.
    /// - Returns: whether the request was delivered; not whether there was something to stop.
    @discardableResult
    package func cancel() -> Bool {
        guard socket.withLock({ $0 != nil }), let raw else { return false }
        var message = [CChar](repeating: 0, count: 256)
        return PQcancel(raw, &message, Int32(message.count)) == 1
    }

    /// As ``cancel()``, from a thread of its own; returns at once.
    package func cancelInBackground() {
        BackgroundThread.start(name: "pg-cancel") { self.cancel() }
    }

    /// Breaks the connection: whatever waits for the server fails with `postgres.connection_lost`. For a server that
    /// does not react to ``cancel()``.
    package func abort() {
        socket.withLock { if let number = $0 { _ = shutdown(number, Int32(SHUT_RDWR)) } }
    }

    /// The socket is about to be closed.
    func invalidate() { socket.withLock { $0 = nil } }
}

import Clibpq

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A connection whose calls block the thread until the server has answered.
///
/// For threads that may block: bulk COPY, the workers of the transformation. It belongs to one thread at a time (it is
/// not `Sendable`); another thread may only use its ``cancelHandle``. For everything else there is ``Connection``.
///
/// ```swift
/// let connection = try BlockingConnection(options)
/// let result = try connection.query("select $1 + 1", [41])
/// ```
/// The last reference closes it.
package final class BlockingConnection {
    /// What the server holds open for this session.
    package enum TransactionStatus: Sendable {
        /// No transaction.
        case idle
        /// A statement or a COPY is under way.
        case active
        case inTransaction
        /// Only a rollback is accepted.
        case inFailedTransaction
        /// The connection is broken or closed.
        case unknown
    }

    package let cancelHandle: CancelHandle
    private(set) var handle: OpaquePointer?
    let noticeSink: NoticeSink
    /// Who and where, for messages; holds no password.
    let label: String
    private let companion: (any AnyObject & Sendable)?
    /// Whether a COPY was begun and not ended.
    var copyState = CopyState.none

    /// Connects, or throws at the latest after ``ConnectionOptions/connectTimeout``.
    ///
    /// - Parameter isCancelled: asked about ten times a second; the attempt ends once it says true.
    package init(_ options: ConnectionOptions, isCancelled: () -> Bool = { false }) throws(PostgresError) {
        let sink = NoticeSink(handler: options.onNotice)
        let raw = try Self.connect(options, notices: sink, isCancelled: isCancelled)
        handle = raw
        noticeSink = sink
        cancelHandle = CancelHandle(raw)
        label = options.description
        companion = options.companion
        if let interval = options.clientCheckInterval { try setClientCheckInterval(interval) }
    }

    deinit { close() }

    /// Ends the session. What is open in it is rolled back by the server. Later calls throw `postgres.closed`.
    package func close() {
        guard let raw = handle else { return }
        handle = nil
        cancelHandle.invalidate()
        PQfinish(raw)
    }

    package var isClosed: Bool { handle == nil }

    /// Whether the connection is there, as far as libpq has noticed.
    package var isUsable: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }

    /// As ``isUsable``, after a look at whether the server has ended the session meanwhile. Does not block.
    package var isAlive: Bool {
        guard let handle, isUsable else { return false }
        // What a server says before it goes comes first, then the end of the stream.
        while true {
            var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 0) > 0 else { return true }
            guard PQconsumeInput(handle) == 1, isUsable else { return false }
        }
    }

    package var transactionStatus: TransactionStatus {
        guard let handle else { return .unknown }
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: return .idle
        case PQTRANS_ACTIVE: return .active
        case PQTRANS_INTRANS: return .inTransaction
        case PQTRANS_INERROR: return .inFailedTransaction
        default: return .unknown
        }
    }

    /// The server's version as one number: 150004 for 15.4; 0 once closed.
    package var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

    /// The process that serves this session.
    package var serverProcessID: Int { handle.map { Int(PQbackendPID($0)) } ?? 0 }

    /// The latest notices (at most 1000) that arrived since the last call, unless ``ConnectionOptions/onNotice`` takes them.
    package func takeNotices() -> [Notice] { noticeSink.take() }

    /// How often the server looks, while it is busy, whether this client still exists.
    ///
    /// Does nothing on servers before PostgreSQL 14 and on platforms that cannot look.
    package func setClientCheckInterval(_ interval: Duration) throws(PostgresError) {
        guard serverVersion >= 140_000 else { return }
        let (seconds, attoseconds) = interval.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        do {
            _ = try execute("set client_connection_check_interval = '\(milliseconds)ms'")
        } catch  where error.sqlState?.errorClass == "22" {
            // The platform has no way to look.
        }
    }

    /// The open connection, or the error that says that it is closed.
    func open() throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw PostgresError(.closed, "the connection to \(label) is closed") }
        return handle
    }
}

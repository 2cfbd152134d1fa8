/// A connection for async code: an actor on a thread of its own, where libpq may block.
///
/// ```swift
/// let connection = try await Connection.connect(options)
/// let result = try await connection.query("select * from orders where id = $1", [42])
/// for (id, state) in try result.decode(as: (Int, String?).self) { ... }
/// ```
/// Cancelling the task cancels the statement on the server and throws `CancellationError`; the connection remains
/// usable. A server that does not react is left after 5 seconds, and then the connection is lost.
///
/// A session has one state (transaction, COPY, settings), so one task at a time should use it; tasks that work side by
/// side lease one each from a ``ConnectionPool``. Statements of several tasks run one after the other.
/// The last reference closes the connection.
package actor Connection {
    private let thread: ThreadExecutor
    private let base: BlockingConnection
    /// Stops the running statement from outside of the task that awaits it.
    package nonisolated let cancelHandle: CancelHandle
    /// The server's version as one number: 150004 for 15.4.
    package nonisolated let serverVersion: Int
    package nonisolated let serverProcessID: Int

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Connects. Cancelling the task ends the wait at once.
    ///
    /// - Throws: ``PostgresError``, at the latest after ``ConnectionOptions/connectTimeout``, or `CancellationError`.
    package static func connect(_ options: ConnectionOptions) async throws -> Connection {
        let thread = ThreadExecutor(name: "pg-connection")
        let attempt = OneShot<Connection>()
        do {
            return try await attempt.value {
                thread.submit {
                    let outcome = Result<Connection, any Error> {
                        Connection(try BlockingConnection(options) { attempt.isDone }, on: thread)
                    }
                    // If nobody waits any more, the connection closes here.
                    attempt.resume(with: outcome)
                }
            }
        } catch {
            thread.stop()
            throw error
        }
    }

    private init(_ base: sending BlockingConnection, on thread: ThreadExecutor) {
        self.thread = thread
        cancelHandle = base.cancelHandle
        serverVersion = base.serverVersion
        serverProcessID = base.serverProcessID
        self.base = base
    }

    deinit { thread.stop() }

    /// Runs one statement with parameters.
    ///
    /// - Throws: ``PostgresError``, or `CancellationError`.
    package func query(_ sql: String, _ parameters: [Parameter] = []) async throws -> QueryResult {
        try await perform { try $0.query(sql, parameters) }
    }

    /// Runs one or several statements, separated by semicolons, and returns the result of the last.
    ///
    /// - Throws: ``PostgresError``, or `CancellationError`.
    @discardableResult
    package func execute(_ sql: String) async throws -> QueryResult {
        try await perform { try $0.execute(sql) }
    }

    /// The latest notices since the last call, unless ``ConnectionOptions/onNotice`` takes them.
    package func takeNotices() -> [Notice] { base.takeNotices() }

    package var transactionStatus: BlockingConnection.TransactionStatus { base.transactionStatus }

    /// How often the server looks, while it is busy, whether this client still exists (PostgreSQL 14 and later).
    package func setClientCheckInterval(_ interval: Duration) async throws {
        try await perform { try $0.setClientCheckInterval(interval) }
    }

    /// Ends the session; what is open in it is rolled back. Later statements throw `postgres.closed`.
    package func close() { base.close() }

    /// Whether the connection is there, as far as can be seen without asking the server.
    package var isAlive: Bool { base.isAlive }

    /// Runs `body` on the connection's thread, for sequences of calls that must not wait for other tasks in between. The
    /// task's cancellation cancels the statement that `body` is in.
    package func perform<T: Sendable>(_ body: (BlockingConnection) throws -> T) async throws -> T {
        let operation = Operation(cancelHandle)
        return try await withTaskCancellationHandler {
            guard operation.begin() else { throw CancellationError() }
            defer { if !operation.end() { base.close() } }
            do {
                return try body(base)
            } catch let error as PostgresError where operation.isCancelled && error.isEndedByCancel {
                throw CancellationError()
            }
        } onCancel: {
            operation.cancel()
        }
    }

    /// Brings the session back to where no transaction and no COPY is open, also in a cancelled task.
    ///
    /// - Returns: whether the connection can be used further; if not, it is closed.
    @discardableResult
    package func reset() -> Bool {
        abandonCopy(reason: "the client gave up")
        switch base.transactionStatus {
        case .idle: break
        case .inTransaction, .inFailedTransaction: _ = try? base.execute("rollback")
        case .active, .unknown: base.close()
        }
        if base.transactionStatus != .idle { base.close() }
        return !base.isClosed
    }

    func abandonCopy(reason: String) {
        guard base.copyState != .none else { return }
        let operation = Operation(cancelHandle)
        _ = operation.begin()
        base.abandonCopy(reason: reason) { operation.cancel() }
        if !operation.end() { base.close() }
    }
}

extension PostgresError {
    /// Whether this is how a statement fails that was cancelled.
    fileprivate var isEndedByCancel: Bool { isCancellation || kind == .connectionLost }
}

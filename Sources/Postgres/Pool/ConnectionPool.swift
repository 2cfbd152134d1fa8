import Synchronization

/// Up to `limit` connections to one database, made when they are needed and used again.
///
/// ```swift
/// let pool = ConnectionPool(options, limit: 4)
/// try await pool.withConnection { try await $0.execute("analyze orders") }
/// await pool.close()
/// ```
/// Who comes first is served first. A connection that broke, or whose transaction cannot be rolled back, is dropped.
package final class ConnectionPool: Sendable {
    private typealias State = PoolState<Connection>

    private struct Shared: Sendable {
        var state: State
        var nextID = 0
        var continuations: [State.WaiterID: CheckedContinuation<State.Grant, any Error>] = [:]
    }

    private let options: ConnectionOptions
    private let prepare: (@Sendable (Connection) async throws -> Void)?
    private let shared: Mutex<Shared>

    /// - Parameter prepare: runs once on each new connection, for settings of the session.
    package init(
        _ options: ConnectionOptions, limit: Int, prepare: (@Sendable (Connection) async throws -> Void)? = nil
    ) {
        self.options = options
        self.prepare = prepare
        shared = Mutex(Shared(state: State(limit: limit)))
    }

    /// Runs `body` with a connection that nobody else uses meanwhile; afterwards it is rolled back to a clean state.
    ///
    /// - Throws: what `body` throws, ``PostgresError`` if no connection can be made, or `CancellationError`.
    package func withConnection<T>(_ body: (Connection) async throws -> T) async throws -> T {
        let connection = try await lease()
        do {
            let value = try await body(connection)
            await giveBack(connection)
            return value
        } catch {
            await giveBack(connection)
            throw error
        }
    }

    /// Takes a connection, which must come back with ``giveBack(_:)``; waits while all are in use.
    package func lease() async throws -> Connection {
        let grant = try await self.grant()
        do {
            if case .reuse(let connection) = grant {
                if await connection.isAlive { return connection }
                await connection.close()
            }
            let connection = try await Connection.connect(options)
            try await prepare?(connection)
            return connection
        } catch {
            carryOut(shared.withLock { $0.state.giveBack(nil) })
            throw error
        }
    }

    /// Returns a connection that ``lease()`` gave.
    package func giveBack(_ connection: Connection) async {
        let isGood = await connection.reset()
        let action = shared.withLock { $0.state.giveBack(isGood ? connection : nil) }
        if case .close(let connection) = action { await connection.close() }
        carryOut(action)
    }

    /// Closes what is idle, refuses who waits, and closes the others when they come back.
    package func close() async {
        let (idle, waiting) = shared.withLock { shared in
            let (idle, waiters) = shared.state.close()
            return (idle, waiters.compactMap { shared.continuations.removeValue(forKey: $0) })
        }
        for continuation in waiting { continuation.resume(throwing: Self.closedError) }
        for connection in idle { await connection.close() }
    }

    private static var closedError: PostgresError { PostgresError(.closed, "the connection pool is closed") }

    private func grant() async throws -> State.Grant {
        let id = shared.withLock { shared in
            shared.nextID += 1
            return shared.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let action: State.LeaseAction? = shared.withLock { shared in
                    // Checked under the lock that `onCancel` takes: either it is seen here, or the handler finds the waiter.
                    if Task.isCancelled { return nil }
                    let action = shared.state.lease(id)
                    if case .wait = action { shared.continuations[id] = continuation }
                    return action
                }
                switch action {
                case .grant(let grant): continuation.resume(returning: grant)
                case .wait: break
                case .refuse: continuation.resume(throwing: Self.closedError)
                case nil: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let continuation = shared.withLock { shared in
                shared.state.cancel(id) ? shared.continuations.removeValue(forKey: id) : nil
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func carryOut(_ action: State.ReturnAction) {
        guard case .wake(let id, let grant) = action else { return }
        let continuation = shared.withLock { $0.continuations.removeValue(forKey: id) }
        continuation?.resume(returning: grant)
    }
}

/// How much a transaction sees of others, as SQL names it.
package enum IsolationLevel: String, Sendable, CaseIterable {
    case readCommitted = "read committed"
    case repeatableRead = "repeatable read"
    case serializable
}

extension Connection {
    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws or is cancelled.
    ///
    /// ```swift
    /// try await connection.withTransaction { transaction in
    ///     try await transaction.execute("truncate target")
    ///     try await transaction.copyIn("copy target from stdin", from: chunks)
    /// }
    /// ```
    /// `body` gets the connection itself, since a transaction is a state of the session.
    /// - Throws: what `body` throws, or ``PostgresError``. If a statement failed and `body` hid that, the commit throws.
    package nonisolated func withTransaction<T>(
        _ isolation: IsolationLevel? = nil, readOnly: Bool = false, _ body: (Connection) async throws -> T
    ) async throws -> T {
        let level = isolation.map { " isolation level \($0.rawValue)" } ?? ""
        do {
            try await execute("begin\(level)\(readOnly ? " read only" : "")")
            let value = try await body(self)
            let commit = try await execute("commit")
            // The server answers the commit of a failed transaction with a rollback, without an error.
            guard commit.commandTag == "COMMIT" else {
                var error = PostgresError(.server, "nothing was committed: a statement of the transaction had failed")
                error.sqlState = .inFailedTransaction
                throw error
            }
            return value
        } catch {
            await reset()
            throw error
        }
    }
}

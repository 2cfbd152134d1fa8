package import Diagnostics

/// Why a connection, a statement or a COPY failed.
///
/// Errors of the server carry everything that the server said. No error holds the password, the parameters
/// or the text of the statement; who ran the statement has it and can place `position` in it.
package struct PostgresError: UserFacingError {
    /// What kind of failure it is; stable, so that docs/errors.md can list it.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The server refused a statement; `sqlState` says why.
        package static let server = Code(rawValue: "postgres.server")
        /// No connection could be made: wrong address, wrong password, no such database.
        package static let connectFailed = Code(rawValue: "postgres.connect_failed")
        /// TLS could not be agreed upon: a certificate that is not trusted, has expired, or cannot be read.
        package static let tls = Code(rawValue: "postgres.tls")
        /// The server did not answer within ``ConnectionOptions/connectTimeout``.
        package static let connectTimeout = Code(rawValue: "postgres.connect_timeout")
        /// The connection broke while it was in use.
        package static let connectionLost = Code(rawValue: "postgres.connection_lost")
        /// The connection was closed before, or the pool was.
        package static let closed = Code(rawValue: "postgres.closed")
        /// Another COPY is under way on this connection.
        package static let busy = Code(rawValue: "postgres.busy")
        /// The statement, a parameter or an option cannot be sent as it is.
        package static let invalidInput = Code(rawValue: "postgres.invalid_input")
        /// A cell does not hold a value of the type asked for.
        package static let decoding = Code(rawValue: "postgres.decoding")
    }

    package var kind: Code
    package var message: String
    package var location: SourceLocation?
    package var hint: String?

    /// The class of a server error.
    package var sqlState: SQLState?
    /// `ERROR`, `FATAL` or `PANIC`, not translated.
    package var severity: String?
    /// A second sentence of the server, for instance the key that exists already.
    package var detail: String?
    /// Where the server was: the stack of functions, or the line and column of a COPY.
    package var context: String?
    /// The place in the statement, counted from 1 in characters (Unicode scalars).
    package var position: Int?
    /// The place in `internalQuery`, for an error in a statement that a function made.
    package var internalPosition: Int?
    package var internalQuery: String?
    package var schemaName: String?
    package var tableName: String?
    package var columnName: String?
    package var constraintName: String?

    package init(_ kind: Code, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    package var code: String { kind.rawValue }

    package var details: [String] {
        var lines: [String] = []
        if let detail { lines += detail.split(separator: "\n").map(String.init) }
        if let internalQuery { lines.append("in: \(internalQuery)") }
        if let context { lines += context.split(separator: "\n").map(String.init) }
        if let sqlState { lines.append("SQLSTATE \(sqlState)") }
        return lines
    }

    /// Whether the same work may succeed if it is simply done again: lost connections, deadlocks, a server that is restarting.
    package var isRetryable: Bool {
        if let sqlState {
            switch sqlState {
            case .serializationFailure, .deadlockDetected, .lockNotAvailable, .tooManyConnections, .adminShutdown,
                .crashShutdown, .cannotConnectNow:
                return true
            default:
                return sqlState.errorClass == "08"
            }
        }
        return kind == .connectionLost || kind == .connectTimeout || kind == .connectFailed
    }

    /// Whether the statement was cancelled, by us or by the server (`statement_timeout`).
    package var isCancellation: Bool { sqlState == .queryCanceled }

    /// Line and column of `position` in the statement that was run, both counted from 1, columns in characters.
    package func lineAndColumn(in sql: String) -> (line: Int, column: Int)? {
        guard let position, position > 0 else { return nil }
        var line = 1
        var column = 1
        for scalar in sql.unicodeScalars.prefix(position - 1) {
            if scalar == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return (line, column)
    }
}

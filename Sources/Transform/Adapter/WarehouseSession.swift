import Foundation
import Postgres

/// A worker's connection to the warehouse, with dbt's idea of transactions.
///
/// The first statement of a node opens a transaction, as psycopg2 does for dbt; after its commit every statement stands
/// alone unless it asks for a transaction. Blocks; belongs to one thread.
final class WarehouseSession {
    let credentials: Credentials
    /// What stops the run that the session works for.
    var cancellation = CancellationSwitch()
    let cache: RelationCache
    /// Put before or after every statement.
    var comment: StatementComment?
    /// Told of every statement, where somebody listens.
    var events: (@Sendable (TransformEvent) -> Void)?
    /// Whether statements are refused: templates are to be compiled without the warehouse.
    var isForbidden = false
    /// The node that the statements are for.
    var nodeID: NodeID?
    /// The statement that ran last, with its comment, for the place of an error.
    private(set) var lastStatement = ""
    private var connection: BlockingConnection?
    /// The node that the connection served last.
    private var servedNode: NodeID?
    /// Whether the connection has served the present node already.
    private var isServing = false
    /// Whether the next statement begins the node's first transaction.
    private var startsTransaction = true
    /// Whether every statement stands alone, also the first one of a connection.
    private var standsAlone = false
    private(set) var isTransactionOpen = false
    private var hasRun = false
    /// Whether something that the node did outlasts a failure: a statement of its own, or a commit.
    private var hasTakenEffect = false
    /// What the open transaction has changed in the cache.
    private var changes: [RelationCache.Change] = []

    init(credentials: Credentials, cache: RelationCache) {
        self.credentials = credentials
        self.cache = cache
    }

    /// Runs a statement.
    ///
    /// - Parameter beginsTransaction: whether it belongs into a transaction that ends with ``commit()``.
    func execute(_ sql: String, beginsTransaction: Bool = false) throws -> QueryResult {
        let connection = try open()
        try prepare(connection, beginsTransaction: beginsTransaction)
        guard connection.transactionStatus == .idle else { return try run(sql, on: connection) }
        return try StandaloneStatement(sql).run(turn: cache.cascades, cancellation) { try run(sql, on: connection) }
    }

    /// Runs a statement with `%s` places for values.
    func execute(_ sql: String, bindings: [Parameter]) throws -> QueryResult {
        let connection = try open()
        try prepare(connection, beginsTransaction: true)
        let text = comment?.added(to: sql) ?? sql
        lastStatement = text
        return try observed(text) {
            try cancellation.whileBusy(connection.cancelHandle) { try connection.query(Self.numbered(text), bindings) }
        }
    }

    /// Sends rows into a table.
    func copyIn(_ sql: String, _ body: (inout CopyWriter) throws -> Void) throws -> Int {
        let connection = try open()
        try prepare(connection, beginsTransaction: true)
        lastStatement = sql
        return try cancellation.whileBusy(connection.cancelHandle) { try connection.copyIn(sql, body) }
    }

    func commit() throws {
        guard isTransactionOpen else { return }
        isTransactionOpen = false
        _ = try run("COMMIT", on: try open(), commented: false)
    }

    /// Notes what a statement that comes next changes in the cache, so that it counts only if the statement does.
    func note(_ change: RelationCache.Change) { changes.append(change) }

    /// Whether an error left nothing of the node behind, so that the node can begin again: the server has chosen its
    /// transaction to end a deadlock, or to keep transactions apart.
    func canStartOver(after error: any Error) -> Bool {
        guard !hasTakenEffect, !cancellation.isCancelled, let error = NodeFailure.databaseError(in: error) else { return false }
        return error.sqlState == .deadlockDetected || error.sqlState == .serializationFailure
    }

    /// Undoes what a failed statement left open.
    func rollBackIfOpen() {
        cache.undo(changes)
        changes = []
        guard let connection, connection.isUsable, connection.transactionStatus != .idle else { return }
        _ = try? connection.execute("ROLLBACK")
        isTransactionOpen = false
    }

    /// Makes the connection as new for the next node: nothing that a node set is seen by another.
    func finishNode() {
        defer {
            startsTransaction = true
            standsAlone = false
            isTransactionOpen = false
            isServing = false
            hasRun = false
            hasTakenEffect = false
            changes = []
            comment = nil
            nodeID = nil
        }
        guard hasRun, let connection else { return }
        guard connection.isUsable else { return close() }
        do {
            if connection.transactionStatus != .idle {
                cache.undo(changes)
                try connection.execute("ROLLBACK")
            }
            try connection.execute("DISCARD ALL")
            if let role = credentials.role { try connection.execute("set role \(role)") }
        } catch {
            close()
        }
    }

    func close() {
        guard let connection else { return }
        connection.close()
        self.connection = nil
        events?(.disconnected(servedNode))
    }

    /// From now on every statement stands alone, as hooks of a project do.
    func leaveImplicitTransaction() {
        standsAlone = true
        startsTransaction = false
    }

    private func prepare(_ connection: BlockingConnection, beginsTransaction: Bool) throws {
        hasRun = true
        if credentials.autocommit {
            if beginsTransaction { isTransactionOpen = true }
            return
        }
        if startsTransaction || (beginsTransaction && !isTransactionOpen) {
            if connection.transactionStatus == .idle { _ = try run("BEGIN", on: connection, commented: false) }
            startsTransaction = false
        }
        if beginsTransaction { isTransactionOpen = true }
    }

    private func run(_ sql: String, on connection: BlockingConnection, commented: Bool = true) throws -> QueryResult {
        let text = commented ? comment?.added(to: sql) ?? sql : sql
        lastStatement = text
        let result = try observed(text) {
            try cancellation.whileBusy(connection.cancelHandle) { try connection.execute(text) }
        }
        settle(connection)
        return result
    }

    /// Outside of transactions, what was done is done.
    private func settle(_ connection: BlockingConnection) {
        guard connection.transactionStatus == .idle else { return }
        hasTakenEffect = true
        changes = []
    }

    /// Tells of a statement and of its answer.
    private func observed(_ sql: String, _ body: () throws -> QueryResult) throws -> QueryResult {
        guard let events else { return try body() }
        events(.statement(nodeID, sql: sql))
        let start = DateTimeStamp.now().secondsSince1970
        let result = try body()
        events(.answer(nodeID, status: result.commandTag, seconds: DateTimeStamp.now().secondsSince1970 - start))
        return result
    }

    private func open() throws -> BlockingConnection {
        if isForbidden {
            throw TransformError(
                .compilation, "the template asks the warehouse, which --no-introspect forbids",
                hint: "put what asks into {% if flags.INTROSPECT %}, or leave the option out")
        }
        if let connection, connection.isUsable {
            if !isServing, servedNode != nodeID { events?(.reused(nodeID, before: servedNode)) }
            (servedNode, isServing) = (nodeID, true)
            return connection
        }
        close()
        try cancellation.check()
        events?(.connected(nodeID))
        (servedNode, isServing) = (nodeID, true)
        var attempt = 0
        while true {
            do {
                let connection = try BlockingConnection(credentials.connectionOptions, isCancelled: { cancellation.isCancelled })
                if let role = credentials.role { try connection.execute("set role \(role)") }
                self.connection = connection
                startsTransaction = !standsAlone
                return connection
            } catch {
                try cancellation.check()
                attempt += 1
                guard attempt <= credentials.retries, error.isRetryable, error.kind != .connectFailed else { throw error }
                Thread.sleep(forTimeInterval: min(1, Double(attempt * attempt) * 0.1))
            }
        }
    }

    /// `%s` as `$1`, `$2` and so on.
    private static func numbered(_ sql: String) -> String {
        var number = 0
        let parts = sql.split(separator: "%s", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(into: String(parts.first ?? "")) { text, part in
            number += 1
            text += "$\(number)" + part
        }
    }
}

import Postgres
import Records

/// Makes the rows of a staging table those of the stream's table, inside the sync's transaction.
///
/// How an overwrite is published, and why so:
/// - *Refill*, `delete` and `insert` into the same table, is what every reader understands: nobody waits, each sees the old
///   rows or the new ones, and whatever hangs on the table stays. It writes all rows twice and leaves the old ones to the
///   vacuum: 1,000,000 rows of 400 bytes took 1.5 times as long as a swap; 1,000 or 20,000 rows took the same time.
/// - *Swap*, where the staging table takes the old one's name, costs nothing per row, but it needs the table to itself
///   for a moment and gives it a new identity. So owner, rights and comments are carried over, and views on the table are
///   given their query again, by `create or replace`, which keeps the view itself and all that hangs on it. What
///   cannot be carried (indexes, triggers, foreign keys, materialized views, ...) leaves only the refill.
/// - `truncate` is out of the question: a reader with an older snapshot would find the table empty, and all others
///   would wait from then until the commit.
/// So big tables are swapped where that can be done without loss, all others refilled. If readers do not let go of a table
/// for a while (a session left open in a transaction is enough), it is refilled after all.
struct Publisher {
    let connection: BlockingConnection
    let request: WriteRequest
    let staging: StagingTable
    let dropsDependents: Bool

    /// Below this size writing twice is cheaper than what a swap does to the catalogs and the plans of readers.
    static let refillLimit = 16 << 20
    /// How long one attempt to get the table waits: shorter than the server's usual second before it looks for deadlocks,
    /// so that it is we who let go, and short for the readers who queue up behind us.
    private static let lockTimeout = "250ms"

    var target: String { quoteIdentifier(schema: request.table.schema, request.table.name) }

    /// Makes documents of the rows; what is published then is those.
    func withDocuments() throws(PostgresError) -> Publisher {
        let documents = request.documents
        let raw = StagingTable(for: documents)
        try connection.execute(
            "\(raw.creation); \(RawTable.conversion(of: staging, request.columns, into: raw)); drop table \(staging.quoted)")
        return Publisher(connection: connection, request: documents, staging: raw, dropsDependents: dropsDependents)
    }

    /// Publishes an overwrite.
    func replace(_ table: TargetTable?) throws(ConnectorError) -> WriteOutcome.Publication {
        guard let table else {
            try run("creating \(request.table)", renameStaging)
            return .created
        }
        let isSame = Set(try staging.columns(on: connection)) == Set(table.columns)
        do {
            let attachments = try table.attachments(on: connection)
            let isBig = try staging.size(on: connection) + table.size(on: connection) > Self.refillLimit
            if attachments.isEmpty, !isSame || isBig {
                switch try swap(table) {
                case .done: return .swapped
                case .refused(let error):
                    if !isSame, dropsDependents, error.sqlState != .lockNotAvailable {
                        if case .done = try swap(table, cascade: true) { return .swapped }
                    }
                }
            }
            if isSame {
                try connection.execute("delete from \(target); \(insertion)")
                try connection.execute("drop table \(staging.quoted)")
                return .refilled
            }
        } catch {
            throw ConnectorError(.destination, while: "publishing the rows of \(request.table)", error)
        }
        try rebuild(table)
        return .rebuilt
    }

    var insertion: String {
        "insert into \(target) (\(staging.columnList)) select \(staging.columnList) from \(staging.quoted)"
    }

    /// Gives the old table the new columns and the new rows; what hangs on it stays, unless it hangs on a column that goes.
    private func rebuild(_ table: TargetTable) throws(ConnectorError) {
        let old = table.columns
        let new = try staging.columns(on: connection)
        let changes =
            Set(old).subtracting(new).map(\.name).sorted().map {
                "drop column \(quoteIdentifier($0))\(dropsDependents ? " cascade" : "")"
            }
            + new.filter { !old.contains($0) }.map { "add column \(quoteIdentifier($0.name)) \($0.type)" }
        do throws(PostgresError) {
            let outcome = try exclusively { () throws(PostgresError) in
                try connection.execute(
                    "delete from \(target); alter table \(target) \(changes.joined(separator: ", ")); \(insertion)")
                try connection.execute("drop table \(staging.quoted)")
            }
            if case .refused(let error) = outcome { throw error }
        } catch {
            let gone = Set(old.map(\.name)).subtracting(new.map(\.name)).sorted()
            let change =
                gone.isEmpty ? "the types of columns changed" : "the source no longer has \(gone.joined(separator: ", "))"
            throw ConnectorError(
                .conflict, while: "the table \(request.table) cannot take the columns that the source has now (\(change))",
                error,
                hint: error.sqlState == .lockNotAvailable
                    ? "somebody keeps the table in use; try again when they have finished"
                    : "drop what depends on the columns (views of dbt are made anew by its next run), or set drop_cascade: true")
        }
    }

    enum Attempt {
        case done
        case refused(PostgresError)
    }

    /// Lets the staging table take the place of `table`, with its owner, rights, comments and views.
    private func swap(_ table: TargetTable, cascade: Bool = false) throws(PostgresError) -> Attempt {
        try exclusively { () throws(PostgresError) in
            let views = cascade ? [] : try DependentView.all(of: table, on: connection)
            // Readers of a view lock the view before the table. So do we, by giving each view the query that it has.
            for view in views { try connection.execute(view.statement) }
            try connection.execute("lock table \(target) in access exclusive mode")
            guard try table.attachments(on: connection).isEmpty else {
                throw PostgresError(.invalidInput, "somebody has just attached something to the table \(request.table)")
            }
            for statement in try TableAppearance.statements(from: table, to: staging, on: connection) {
                try connection.execute(statement)
            }
            let old = TableName(schema: request.table.schema, name: staging.name.name + "_old")
            try connection.execute("alter table \(target) rename to \(quoteIdentifier(old.name))")
            try connection.execute(renameStaging)
            for view in views { try connection.execute(view.statement) }
            // Anything that still hangs on the old table refuses this, and so the whole swap.
            try connection.execute(
                "drop table \(quoteIdentifier(schema: old.schema, old.name))\(cascade ? " cascade" : "")")
        }
    }

    private var renameStaging: String { "alter table \(staging.quoted) rename to \(quoteIdentifier(request.table.name))" }

    /// Runs `body` in a savepoint, with short waits for locks, again until the locks are had or the patience is over.
    func exclusively(_ body: () throws(PostgresError) -> Void) throws(PostgresError) -> Attempt {
        let deadline = ContinuousClock.now + request.lockWait
        while true {
            try connection.execute("savepoint leat_publish; set local lock_timeout = '\(Self.lockTimeout)'")
            do {
                try body()
                try connection.execute(
                    "release savepoint leat_publish; set local lock_timeout = 0; set local search_path to default")
                return .done
            } catch {
                guard connection.isUsable, !error.isCancellation else { throw error }
                // Also gives back the locks that were taken since.
                try connection.execute("rollback to savepoint leat_publish; release savepoint leat_publish")
                let isLock = error.sqlState == .lockNotAvailable || error.sqlState == .deadlockDetected
                guard isLock, ContinuousClock.now < deadline else { return .refused(error) }
                // Long enough for the readers that queued behind us.
                try connection.execute("select pg_sleep(0.1 + 0.2 * random())")
            }
        }
    }

    func run(_ what: String, _ sql: String) throws(ConnectorError) {
        do {
            try connection.execute(sql)
        } catch {
            throw ConnectorError(.destination, while: what, error)
        }
    }
}

extension StagingTable {
    func size(on connection: BlockingConnection) throws(PostgresError) -> Int {
        try connection.execute("select pg_relation_size(\(quoteLiteral(quoted))::regclass)").scalar?.int ?? 0
    }
}

import Postgres
import Records

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A session with a Postgres source.
final class PostgresSourceSession: SourceSession {
    let connection: BlockingConnection
    let schemas: [String]

    init(_ connection: BlockingConnection, schemas: [String]) {
        self.connection = connection
        self.schemas = schemas
    }

    var interrupt: Interrupt { connection.interrupt }

    var databaseIdentity: String? { get throws(ConnectorError) { try PostgresEndpoint.identity(connection) } }

    func discover(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog {
        try PostgresCatalogReader(connection: connection, schemas: schemas).catalog(only: only)
    }

    func beginSnapshot(isShared: Bool) throws(ConnectorError) -> SourceSnapshot {
        do {
            // The first statement takes the snapshot.
            var id = try connection.execute(
                "begin isolation level repeatable read, read only; select \(isShared ? "pg_export_snapshot()" : "null::text")"
            ).scalar?.string
            if id?.isEmpty == true { id = nil }
            return SourceSnapshot(id: id, takenAt: Self.now())
        } catch {
            // A standby of an old version has no snapshots to share.
            guard isShared, connection.isUsable else { throw ConnectorError(.source, while: "beginning to read", error) }
            _ = try? connection.execute("rollback")
            return try beginSnapshot(isShared: false)
        }
    }

    func join(_ snapshot: SourceSnapshot) throws(ConnectorError) {
        guard let id = snapshot.id else { return }
        do {
            try connection.execute(
                "begin isolation level repeatable read, read only; set transaction snapshot \(quoteLiteral(id))")
        } catch {
            throw ConnectorError(.source, while: "joining the snapshot of the source", error)
        }
    }

    func read(_ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        do {
            // Without it, one stream that fails would end the snapshot for all that come after.
            try connection.copyOut("savepoint leat_read; \(Self.statement(for: request))", body)
            try connection.execute("release savepoint leat_read")
        } catch let error as PostgresError {
            if connection.isUsable { _ = try? connection.execute("rollback to savepoint leat_read") }
            let stream = request.stream.descriptor
            throw ConnectorError(
                .source, while: "reading \(stream)", error,
                hint: error.sqlState == .insufficientPrivilege ? Self.grantHint(stream) : nil)
        } catch {
            if connection.isUsable { _ = try? connection.execute("rollback to savepoint leat_read") }
            throw error
        }
    }

    func close() { connection.close() }

    /// A plain table that is sent as it lies is copied without a query, which saves the server the executor.
    static func statement(for request: ReadRequest) -> String {
        let stream = request.stream
        let table = quoteIdentifier(schema: stream.descriptor.namespace, stream.descriptor.name)
        let columns = request.columns.map { $0.expression() }.joined(separator: ", ")
        let condition = condition(for: request)
        if condition.isEmpty, !request.isOrdered, stream.isCopyable, request.columns.allSatisfy(\.isPlain),
            !request.columns.isEmpty
        {
            return "copy \(table) (\(columns)) to stdout (format binary)"
        }
        return "copy (select \(columns) from \(table)\(condition)\(order(of: request, table))) to stdout (format binary)"
    }

    /// Which rows are wanted, with `where` before it; empty where all are.
    static func condition(for request: ReadRequest) -> String {
        var conditions: [String] = []
        if let part = request.part {
            conditions.append("ctid >= '(\(part.pages.lowerBound),0)' and ctid < '(\(part.pages.upperBound),0)'")
        }
        if let cursor = request.cursor {
            let bound = CursorBound(cursor.from, type: cursor.field.nativeType?.name ?? "text", lookBack: cursor.lookBack)
            let collation = cursor.field.collation
            let column = "\(quoteIdentifier(cursor.field.column))\(collation)"
            conditions.append("\(column) >= \(bound.lower)\(collation)")
            if let end = cursor.before {
                let end = CursorBound(end, type: cursor.field.nativeType?.name ?? "text", lookBack: nil).last
                conditions.append("\(column) < \(end)\(collation)")
            }
        }
        if let filter = request.filter { conditions.append(PostgresFilter(stream: request.stream).sql(filter)) }
        return conditions.isEmpty ? "" : " where \(conditions.joined(separator: " and "))"
    }

    private static func order(of request: ReadRequest, _ table: String) -> String {
        guard request.isOrdered, let field = request.cursorField.flatMap({ request.stream.field(named: $0) }) else { return "" }
        // Without the table's name it would mean the column of the result, which may be text.
        return " order by \(table).\(quoteIdentifier(field.column))\(field.collation) nulls first"
    }

    static func grantHint(_ stream: StreamDescriptor) -> String {
        let schema = stream.namespace.map { "grant usage on schema \(quoteIdentifier($0)) to ...; " } ?? ""
        return "\(schema)grant select on \(quoteIdentifier(schema: stream.namespace, stream.name)) to ..."
    }

    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
    }
}

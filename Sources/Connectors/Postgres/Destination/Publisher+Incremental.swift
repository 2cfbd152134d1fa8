import Postgres
import Records

extension Publisher {
    /// The greatest value of the cursor field among the rows that arrived, as text; nil without rows.
    ///
    /// Text is compared byte by byte, here as in the source, since collations differ between servers. Everything else by its
    /// own order: without `s.`, `order by` would mean the column of the result, which is text.
    func lastCursor(_ field: String) throws(PostgresError) -> String? {
        let column = quoteIdentifier(field)
        return try connection.execute(
            """
            select s.\(column)::text from \(staging.quoted) s where s.\(column) is not null
            order by s.\(column)\(collation(of: field)) desc limit 1
            """
        ).scalar?.string
    }

    private func collation(of field: String) -> String {
        request.columns.first { $0.name == field }?.field.collation ?? ""
    }

    /// Leaves one row per primary key in the staging table: the one with the greatest cursor, of equal ones the last read.
    ///
    /// Rows whose key has a null are all kept: they are not known to be the same.
    /// - Returns: how many rows went.
    func deduplicate() throws(PostgresError) -> Int {
        guard !request.primaryKey.isEmpty else { return 0 }
        let keys = request.primaryKey.map { quoteIdentifier($0) }
        let order = request.cursorField.map { "\(quoteIdentifier($0))\(collation(of: $0)) desc nulls last, " } ?? ""
        return try connection.execute(
            """
            delete from \(staging.quoted) where ctid in (
              select ctid from (
                select ctid, row_number() over (partition by \(keys.joined(separator: ", ")) order by \(order)ctid desc) as place
                from \(staging.quoted) where \(keys.map { "\($0) is not null" }.joined(separator: " and "))) ordered
              where place > 1)
            """
        ).affectedRows
    }

    /// Adds the rows of the staging table to `table`.
    ///
    /// - Parameter cursor: where the last sync ended. Rows at it are read again, since more of them may have been
    ///   committed after it; those that are in the table already are left out.
    /// - Returns: how many rows were left out.
    func add(to table: TargetTable, after cursor: String?) throws(ConnectorError) -> Int {
        let new = try staging.columns(on: connection)
        let old = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.type) })
        // Whether a change of type keeps all values was found out when the sync began.
        let changes = new.compactMap { column in
            let name = quoteIdentifier(column.name)
            guard let type = old[column.name] else { return "add column \(name) \(column.type)" }
            return type == column.type ? nil : "alter column \(name) type \(column.type)"
        }
        try alter(changes)
        do throws(PostgresError) {
            var skipped = 0
            // What is encrypted with a random part is never the same.
            let known = request.columns.filter { old[$0.name] != nil && $0.field.encryption?.isRepeatable != false }
                .map(\.name)
            if request.mode.isDeduplicated {
                let match = request.primaryKey.map { "old.\(quoteIdentifier($0)) = new.\(quoteIdentifier($0))" }
                try connection.execute(
                    "delete from \(target) old using \(staging.quoted) new where \(match.joined(separator: " and "))")
                // A key with a null is equal to none, so that these rows are told apart as rows without a key are.
                let nullable = request.columns.filter { request.primaryKey.contains($0.name) && $0.field.isNullable }
                if let cursor, let field = request.cursorField, !nullable.isEmpty {
                    let isKeyless = nullable.map { "\(quoteIdentifier($0.name)) is null" }.joined(separator: " or ")
                    skipped = try skipKnown(field: field, cursor: cursor, by: known, where: " and (\(isKeyless))")
                }
            } else if let cursor, let field = request.cursorField {
                skipped = try skipKnown(field: field, cursor: cursor, by: known)
            }
            try connection.execute("\(insertion); drop table \(staging.quoted)")
            return skipped
        } catch {
            throw ConnectorError(.destination, while: "adding rows to \(request.table)", error)
        }
    }

    private func alter(_ changes: [String]) throws(ConnectorError) {
        guard !changes.isEmpty else { return }
        do throws(PostgresError) {
            let outcome = try exclusively { () throws(PostgresError) in
                try connection.execute("alter table \(target) \(changes.joined(separator: ", "))")
            }
            if case .refused(let error) = outcome { throw error }
        } catch {
            throw ConnectorError(
                .conflict, while: "the table \(request.table) cannot take the columns that the source has now", error,
                hint: error.sqlState == .lockNotAvailable
                    ? "somebody keeps the table in use; try again when they have finished"
                    : "drop what depends on the columns (views of dbt are made anew by its next run)")
        }
    }

    /// Takes rows out of the staging table that were read again, from the look-back up to `cursor`, and are in the table
    /// already; as many of equal rows as are there.
    ///
    /// - Parameters:
    ///   - names: the columns by which rows are equal: those that the table had when the old rows came.
    ///   - condition: which rows are looked at, with `and` before it.
    private func skipKnown(
        field: String, cursor: String, by names: [String], where condition: String = ""
    ) throws(PostgresError) -> Int {
        let known = (request.documentColumns ?? request.columns).first { $0.name == field }
        let column = request.documentColumns == nil ? quoteIdentifier(field) : known.map(RawTable.value) ?? RawTable.data
        let type = known?.type ?? "text"
        let data = names.map { quoteIdentifier($0) }.joined(separator: ", ")
        let bound = CursorBound(cursor, type: type, lookBack: request.lookBack)
        let isAtCursor =
            request.lookBack == nil
            ? "\(column) = \(bound.last)" : "\(column) >= \(bound.lower) and \(column) <= \(bound.last)"
        let atCursor = isAtCursor + condition
        return try connection.execute(
            """
            delete from \(staging.quoted) where ctid in (
              select new.ctid from
                (select ctid, row(\(data))::text as content, row_number() over (partition by row(\(data))::text) as place
                 from \(staging.quoted) where \(atCursor)) new
              join (select row(\(data))::text as content, count(*) as copies from \(target) where \(atCursor) group by 1) old
                on old.content = new.content and new.place <= old.copies)
            """
        ).affectedRows
    }

    /// Finding the rows of a key needs an index.
    func indexKey() throws(ConnectorError) {
        let keys = request.primaryKey.map { quoteIdentifier($0) }.joined(separator: ", ")
        let name = "_leat_key_\("\(request.table)".hashedName)"
        try run(
            "making the index of the key of \(request.table)",
            "create index if not exists \(quoteIdentifier(name)) on \(target) (\(keys))")
    }
}

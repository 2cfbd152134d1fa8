import Documents
import Postgres
import Records

extension PostgresSourceSession {
    func bounds(of request: ReadRequest, size: Int) throws(ConnectorError) -> [String] {
        guard let cursor = request.cursor, !request.isOrdered else { return [] }
        do {
            guard let (rows, width) = try estimate(request), rows * width > 4 * size else { return [] }
            let table = quoteIdentifier(
                schema: request.stream.descriptor.namespace, request.stream.descriptor.name)
            let column = "\(quoteIdentifier(cursor.field.column))\(cursor.field.collation)"
            let last = CursorBound(cursor.from, type: cursor.field.nativeType?.name ?? "text", lookBack: nil).last
            // Rows that are read again, from the look-back to the last cursor, stay with what follows: the cursor never goes back.
            return try connection.execute(
                """
                select distinct on (value) value::text from (
                  select \(column) as value, row_number() over (order by \(column)) as place
                  from \(table)\(Self.condition(for: request)) and \(column) > \(last)) placed
                where place % \(max(1, size / max(1, width))) = 0 order by value
                """
            ).compactMap { $0[0].string }
        } catch {
            throw ConnectorError(.source, while: "reading \(request.stream.descriptor)", error)
        }
    }

    /// What the planner thinks of the rows that are new, and of the bytes of each.
    private func estimate(_ request: ReadRequest) throws(PostgresError) -> (rows: Int, width: Int)? {
        let table = quoteIdentifier(schema: request.stream.descriptor.namespace, request.stream.descriptor.name)
        let columns = request.columns.map { $0.expression() }.joined(separator: ", ")
        let text = try connection.execute(
            "explain (format json) select \(columns) from \(table)\(Self.condition(for: request))"
        ).scalar?.string
        guard let plan = text.flatMap({ try? JSON(parsing: $0) })?[0]?["Plan"], let rows = plan["Plan Rows"]?.double,
            let width = plan["Plan Width"]?.int
        else { return nil }
        return (Int(rows), width)
    }
}

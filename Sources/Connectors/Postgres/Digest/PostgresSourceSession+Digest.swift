import Postgres
import Records

extension PostgresSourceSession {
    func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)? {
        _ = try beginSnapshot(isShared: false)
        var relation = quoteIdentifier(schema: request.stream.descriptor.namespace, request.stream.descriptor.name) + " t"
        var filters: [String] = []
        if let field = request.cursorField, let cursor = request.cursor {
            let type = field.nativeType?.name ?? "text"
            filters.append(
                "t.\(quoteIdentifier(field.column))\(field.collation) <= \(quoteLiteral(cursor))::\(type)\(field.collation)")
        }
        if let filter = request.filter { filters.append(PostgresFilter(stream: request.stream, table: "t.").sql(filter)) }
        if request.deduplicates {
            relation = latest(of: relation, request, filters)
            filters = []
        }
        let statements = PostgresDigestStatements(
            relation: relation, filter: filters.isEmpty ? nil : filters.joined(separator: " and "),
            // The value as it is sent, and that as text.
            values: request.columns.map { "(\($0.expression(in: "t.")))::text" },
            key: request.key.compactMap { name in request.columns.firstIndex { $0.name == name } })
        return try PostgresDigester(connection, statements, what: "reading \(request.stream.descriptor)")
    }

    /// One row per key, as a sync leaves it.
    private func latest(of relation: String, _ request: DigestRequest, _ filters: [String]) -> String {
        let keys = request.key.map { key in
            "t.\(quoteIdentifier(request.columns.first { $0.name == key }?.field.column ?? key))"
        }
        let order = request.cursorField.map { "order by t.\(quoteIdentifier($0.column))\($0.collation) desc nulls last" } ?? ""
        let condition = filters.isEmpty ? "" : " where \(filters.joined(separator: " and "))"
        return """
            (select * from (select t.*, row_number() over (partition by \(keys.joined(separator: ", ")) \(order)) as _leat_place
            from \(relation)\(condition)) t where _leat_place = 1 or \(keys.map { "\($0) is null" }.joined(separator: " or "))) t
            """
    }
}

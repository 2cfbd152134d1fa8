import Postgres
import Records

extension PostgresDestinationSession {
    func written(_ request: WriteRequest) throws(ConnectorError) -> WrittenStream? {
        guard let target = try TargetTable.find(request.table, on: connection) else { return nil }
        do {
            guard try states.exists(), let entry = try states.entry(connection: request.connection, stream: request.stream)
            else { return nil }
            return WrittenStream(
                columns: target.columns.map(\.name).filter { !MetaColumn.names.contains($0) }, syncID: entry.syncID,
                cursorField: entry.cursorField, cursor: entry.cursor, generation: entry.generation)
        } catch {
            throw ConnectorError(.destination, while: "looking at \(request.table)", error)
        }
    }

    func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)? {
        do {
            try connection.execute("begin isolation level repeatable read, read only")
        } catch {
            throw ConnectorError(.destination, while: "reading \(request.table)", error)
        }
        let statements = PostgresDigestStatements(
            relation: quoteIdentifier(schema: request.table.schema, request.table.name) + " t",
            filter: Self.filter(for: request),
            values: request.columns.map { "(t.\(quoteIdentifier($0.name)))::text" },
            key: request.key.compactMap { name in request.columns.firstIndex { $0.name == name } })
        return try PostgresDigester(connection, statements, what: "reading \(request.table)")
    }

    private static func filter(for request: DigestRequest) -> String? {
        if let number = request.syncID { return "(t.\(quoteIdentifier(MetaColumn.meta.name)) ->> 'sync_id')::bigint = \(number)" }
        return request.generation.map { "t.\(quoteIdentifier(MetaColumn.generationID.name)) = \($0)" }
    }
}

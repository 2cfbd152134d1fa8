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
        if isRaw {
            throw ConnectorError(
                .unsupported, "\(request.table) is a raw table, whose documents are not compared",
                hint: "verify needs tables with columns: disable_type_dedupe: false")
        }
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

    func digester(
        _ request: DigestRequest, copying write: WriteRequest, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> (any RowDigester)? {
        let staging = StagingTable(for: write)
        let what = "copying \(write.stream) for comparison"
        do {
            try connection.execute("begin; \(staging.creation)")
            self.write = Write(request: write, staging: staging, target: nil, state: StreamState(generation: 0))
            _ = try load(read)
            if write.mode.isDeduplicated {
                let publisher = Publisher(connection: connection, request: write, staging: staging, dropsDependents: false)
                _ = try publisher.deduplicate()
            }
        } catch let error as PostgresError {
            throw ConnectorError(.destination, while: what, error)
        }
        var filter: String?
        if let field = request.cursorField, let cursor = request.cursor,
            let column = write.columns.first(where: { $0.name == field.name })
        {
            let bound = CursorBound(cursor, type: column.type, lookBack: nil).last
            filter = "t.\(quoteIdentifier(field.name))\(field.collation) <= \(bound)\(field.collation)"
        }
        // It ends with the session, and the table with it.
        return try PostgresDigester(
            connection,
            PostgresDigestStatements(
                relation: "\(staging.quoted) t", filter: filter,
                values: request.columns.map { "(t.\(quoteIdentifier($0.name)))::text" },
                key: request.key.compactMap { name in request.columns.firstIndex { $0.name == name } }), what: what)
    }

    private static func filter(for request: DigestRequest) -> String? {
        if let number = request.syncID { return "(t.\(quoteIdentifier(MetaColumn.meta.name)) ->> 'sync_id')::bigint = \(number)" }
        return request.generation.map { "t.\(quoteIdentifier(MetaColumn.generationID.name)) = \($0)" }
    }
}

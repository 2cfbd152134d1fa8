import Documents
import Postgres
import Records

/// The states of all streams of all connections into a database, kept in that database, so that a state can be written in
/// the same transaction as the rows it speaks of.
struct StreamStateStore {
    /// As `airbyte_internal`, but ours.
    static let schema = "leat_internal"
    private static let table = "\(schema).stream_states"

    let connection: BlockingConnection

    /// What was written at the end of a stream's last sync.
    struct Entry {
        var table: TableName
        var generation: Int
        var syncID: Int
        var cursorField: String?
        var cursor: String?
        /// What the source said at its end.
        var sourceState: JSON?
        /// What the source had; nil for syncs of versions that did not write it down.
        var schema: StreamSchema?
    }

    /// Whether the table is there: it is made by the first sync.
    func exists() throws(PostgresError) -> Bool {
        try connection.execute("select to_regclass('\(Self.table)') is not null").scalar?.bool == true
    }

    /// Makes the schema and the table where they are missing.
    func create() throws(PostgresError) {
        guard try !exists() else { return }
        // Two syncs that both come first would otherwise trip over each other.
        try connection.execute(
            """
            begin;
            select pg_advisory_xact_lock(hashtext('\(Self.table)'));
            """)
        do {
            if try connection.execute("select to_regnamespace('\(Self.schema)') is null").scalar?.bool == true {
                try connection.execute(
                    """
                    create schema \(Self.schema);
                    comment on schema \(Self.schema) is 'How far Leat has loaded what into this database'
                    """)
            }
            try connection.execute(
                """
                create table if not exists \(Self.table) (
                  connection text not null,
                  namespace text not null,
                  name text not null,
                  table_schema text not null,
                  table_name text not null,
                  sync_mode text not null,
                  generation_id bigint not null,
                  sync_id bigint not null,
                  attempt_id text not null,
                  state jsonb not null,
                  rows_committed bigint not null,
                  committed_at timestamptz not null default now(),
                  primary key (connection, namespace, name));
                commit
                """)
        } catch {
            _ = try? connection.execute("rollback")
            throw error
        }
    }

    /// The number of the next sync of a connection.
    func nextSyncID(connection name: String) throws(PostgresError) -> Int {
        try connection.query(
            "select coalesce(max(sync_id), 0) + 1 from \(Self.table) where connection = $1", [.string(name)]
        ).scalar?.int ?? 1
    }

    func entry(connection name: String, stream: StreamDescriptor) throws(PostgresError) -> Entry? {
        let rows = try connection.query(
            """
            select table_schema, table_name, generation_id, sync_id, state #>> '{cursor_field,0}' as cursor_field,
              state ->> 'cursor' as cursor, state ->> 'source_state' as source_state, state ->> 'schema' as schema
            from \(Self.table) where connection = $1 and namespace = $2 and name = $3
            """, [.string(name), .string(stream.namespace ?? ""), .string(stream.name)])
        guard let row = rows.first else { return nil }
        return Entry(
            table: TableName(schema: row["table_schema"]?.string ?? "", name: row["table_name"]?.string ?? ""),
            generation: row["generation_id"]?.int ?? 0, syncID: row["sync_id"]?.int ?? 0,
            cursorField: row["cursor_field"]?.string, cursor: row["cursor"]?.string,
            sourceState: row["source_state"]?.string.flatMap { try? JSON(parsing: $0) },
            schema: row["schema"]?.string.flatMap(Self.schema))
    }

    private static func schema(_ text: String) -> StreamSchema? { (try? JSON(parsing: text)).flatMap(StreamSchema.init) }

    /// What the source had at the last sync of each stream.
    func schemas(connection name: String) throws(PostgresError) -> [StreamDescriptor: StreamSchema] {
        let rows = try connection.query(
            "select namespace, name, state ->> 'schema' as schema from \(Self.table) where connection = $1", [.string(name)])
        var schemas: [StreamDescriptor: StreamSchema] = [:]
        for row in rows {
            guard let schema = row["schema"]?.string.flatMap(Self.schema), let stream = row["name"]?.string else { continue }
            let namespace = row["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            schemas[StreamDescriptor(namespace: namespace, name: stream)] = schema
        }
        return schemas
    }

    /// Writes the state of a stream; part of the transaction that publishes its rows.
    func save(_ request: WriteRequest, generation: Int, cursor: String?, sourceState: JSON?, rows: Int) throws(PostgresError) {
        var state = JSON.Members()
        state["stream_name"] = .string(request.stream.name)
        if let namespace = request.stream.namespace { state["stream_namespace"] = .string(namespace) }
        if let field = request.cursorField {
            state["cursor_field"] = [.string(field)]
            state["cursor"] = cursor.map { .string($0) } ?? .null
            state["state_type"] = "cursor_based"
        }
        if let sourceState { state["source_state"] = sourceState }
        if let schema = request.schema { state["schema"] = schema.json }
        _ = try connection.query(
            """
            insert into \(Self.table) (connection, namespace, name, table_schema, table_name, sync_mode, generation_id,
              sync_id, attempt_id, state, rows_committed)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (connection, namespace, name) do update set table_schema = excluded.table_schema,
              table_name = excluded.table_name, sync_mode = excluded.sync_mode, generation_id = excluded.generation_id,
              sync_id = excluded.sync_id, attempt_id = excluded.attempt_id, state = excluded.state,
              rows_committed = excluded.rows_committed, committed_at = excluded.committed_at
            """,
            [
                .string(request.connection), .string(request.stream.namespace ?? ""), .string(request.stream.name),
                .string(request.table.schema), .string(request.table.name), .string(request.mode.rawValue),
                .int(generation), .int(request.syncID), .string(request.attemptID), .string(JSON.object(state).text()),
                .int(rows),
            ])
    }

    /// Whether the attempt is known to have been committed, after the connection was lost in the middle of that.
    func isCommitted(_ request: WriteRequest) throws(PostgresError) -> Bool {
        try connection.query(
            "select 1 from \(Self.table) where connection = $1 and namespace = $2 and name = $3 and attempt_id = $4",
            [
                .string(request.connection), .string(request.stream.namespace ?? ""), .string(request.stream.name),
                .string(request.attemptID),
            ]
        ).isEmpty == false
    }
}

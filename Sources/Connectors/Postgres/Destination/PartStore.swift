import Postgres
import Records

/// Which parts of which streams lie in staging tables, kept in the database of those.
struct PartStore {
    private static let loads = "\(StreamStateStore.schema).stream_loads"
    private static let parts = "\(StreamStateStore.schema).stream_parts"

    let connection: BlockingConnection

    /// A load in parts that has begun.
    struct Load {
        var table: String
        var identity: String
        var generation: Int
        var syncID: Int
    }

    func exists() throws(PostgresError) -> Bool {
        try connection.execute("select to_regclass('\(Self.parts)') is not null").scalar?.bool == true
    }

    func create() throws(PostgresError) {
        guard try !exists() else { return }
        try connection.execute(
            """
            begin;
            select pg_advisory_xact_lock(hashtext('\(Self.parts)'));
            create table if not exists \(Self.loads) (
              connection text not null, namespace text not null, name text not null, staging text not null,
              identity text not null, generation_id bigint not null, sync_id bigint not null, begun_at timestamptz not null default now(),
              primary key (connection, namespace, name));
            create table if not exists \(Self.parts) (
              connection text not null, namespace text not null, name text not null, first_page bigint not null,
              end_page bigint not null, rows bigint not null, horizon text not null, extracted_at bigint not null,
              primary key (connection, namespace, name, first_page));
            commit
            """)
    }

    private func key(_ request: WriteRequest) -> [Parameter] {
        [.string(request.connection), .string(request.stream.namespace ?? ""), .string(request.stream.name)]
    }
    private static let isKey = "connection = $1 and namespace = $2 and name = $3"

    func load(_ request: WriteRequest) throws(PostgresError) -> Load? {
        try connection.query(
            "select staging, identity, generation_id, sync_id from \(Self.loads) where \(Self.isKey)", key(request)
        ).first.map { row in
            Load(
                table: row["staging"]?.string ?? "", identity: row["identity"]?.string ?? "",
                generation: row["generation_id"]?.int ?? 0, syncID: row["sync_id"]?.int ?? 0)
        }
    }

    func parts(_ request: WriteRequest) throws(PostgresError) -> [LoadedPart] {
        try connection.query(
            "select first_page, end_page, rows, horizon, extracted_at from \(Self.parts) where \(Self.isKey) order by 1",
            key(request)
        ).map { row in
            LoadedPart(
                part: StreamPart(pages: (row[0].int ?? 0)..<(row[1].int ?? 0)), rows: row[2].int ?? -1,
                horizon: row[3].string ?? "", extractedAt: row[4].int ?? 0)
        }
    }

    func begin(_ load: Load, _ request: WriteRequest) throws(PostgresError) {
        _ = try connection.query(
            "insert into \(Self.loads) (connection, namespace, name, staging, identity, generation_id, sync_id) values ($1, $2, $3, $4, $5, $6, $7)",
            key(request) + [.string(load.table), .string(load.identity), .int(load.generation), .int(load.syncID)])
    }

    func add(_ part: LoadedPart, _ request: WriteRequest) throws(PostgresError) {
        _ = try connection.query(
            "insert into \(Self.parts) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            key(request) + [
                .int(part.part.pages.lowerBound), .int(part.part.pages.upperBound), .int(part.rows), .string(part.horizon),
                .int(part.extractedAt),
            ])
    }

    func remove(_ part: LoadedPart, _ request: WriteRequest) throws(PostgresError) {
        _ = try connection.query(
            "delete from \(Self.parts) where \(Self.isKey) and first_page = $4", key(request) + [.int(part.part.pages.lowerBound)]
        )
    }

    /// Forgets the load and its parts; the staging table is another matter.
    func removeAll(_ request: WriteRequest) throws(PostgresError) {
        _ = try connection.query("delete from \(Self.parts) where \(Self.isKey)", key(request))
        _ = try connection.query("delete from \(Self.loads) where \(Self.isKey)", key(request))
    }
}

import Connectors
import Documents
import Ingest
import Postgres
import Records
import TestSupport

/// Two fresh databases on the test server, a source and a warehouse, and a connection between them.
struct SyncFixture {
    let source: Connection
    let warehouse: Connection
    let sourceDatabase: TestDatabase
    let warehouseDatabase: TestDatabase

    /// A connection that writes into the schema `landing`.
    func definition(
        _ streams: [ConfiguredStream], name: String = "Test", schemas: [String] = ["public"],
        namespaceDefinition: NamespaceDefinition = .destination, prefix: String = "", destination: JSON = [:]
    ) -> ConnectionDefinition {
        ConnectionDefinition(
            name: name,
            source: ConnectorDefinition(
                name: "source", connector: "postgres",
                config: config(sourceDatabase, adding: ["schemas": .array(schemas.map { .string($0) })])),
            destination: ConnectorDefinition(
                name: "warehouse", connector: "postgres",
                config: config(warehouseDatabase, adding: ["schema": "landing"]).merging(destination)),
            namespaceDefinition: namespaceDefinition, prefix: prefix, streams: streams)
    }

    @discardableResult
    func sync(
        _ streams: ConfiguredStream..., options: SyncOptions = SyncOptions(),
        progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
    ) async throws -> SyncResult {
        try await Sync(definition(streams), options: options).run(progress: progress)
    }

    /// Overwrites `landing.<name>` with `public.<name>`.
    @discardableResult
    func refresh(_ name: String) async throws -> StreamResult {
        try await sync(ConfiguredStream(name: name)).streams[0]
    }

    private func config(_ database: TestDatabase, adding more: JSON) -> JSON {
        let options = database.options
        let base: JSON = [
            "host": .string(options.host), "port": .int(options.port), "database": .string(options.database),
            "username": .string(options.user), "password": .string(options.password ?? ""),
        ]
        return base.merging(more)
    }

    /// All rows of a table as text, every column in the server's own text form, sorted.
    func content(of table: String, on connection: Connection) async throws -> [String] {
        let columns = try await connection.query(
            """
            select string_agg(format('coalesce(%I::text, ''<null>'')', attname), ', ' order by attname)
            from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
              and attname not like '\\_airbyte\\_%'
            """, [.string(table)]
        ).scalar?.string
        let rows = try await connection.execute("select array[\(columns ?? "")]::text from \(table) order by 1")
        return rows.map { $0[0].string ?? "" }
    }

    func count(_ sql: String) async throws -> Int { try await warehouse.execute("select count(*) from \(sql)").scalar?.int ?? -1 }

    func text(_ sql: String) async throws -> String? { try await warehouse.execute(sql).scalar?.string }

    /// What a sync may have left in the warehouse beside the tables.
    func leftovers() async throws -> [String] {
        try await warehouse.execute(
            "select relname from pg_class where relname like '\\_leat\\_%' and relname not like '\\_leat\\_key\\_%'"
        )
        .map { $0[0].string ?? "" }
    }
}

extension JSON {
    func merging(_ other: JSON) -> JSON {
        guard case .object(var members) = self, case .object(let more) = other else { return self }
        for entry in more.entries { members[entry.key] = entry.value }
        return .object(members)
    }
}

/// Runs `body` with two fresh databases, whose source was prepared with `sql`.
func withSync(_ sql: String = "", _ body: (SyncFixture) async throws -> Void) async throws {
    try await withTestDatabase { source in
        try await withTestDatabase { warehouse in
            let fixture = SyncFixture(
                source: try await source.connect(), warehouse: try await warehouse.connect(), sourceDatabase: source,
                warehouseDatabase: warehouse)
            if !sql.isEmpty { try await fixture.source.execute(sql) }
            return try await body(fixture)
        }
    }
}

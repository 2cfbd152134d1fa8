import Connectors
import Documents
import Ingest
import Postgres
import Records
import TestSupport

/// Files, and a database that they are synced into.
struct FileSync {
    let scratch: Scratch
    let warehouse: Connection
    let database: TestDatabase

    func definition(_ config: JSON, mode: SyncMode = .fullRefreshOverwrite, stream: String = "t", key: [String]? = nil)
        -> ConnectionDefinition
    {
        let options = database.options
        return ConnectionDefinition(
            name: "Files",
            source: ConnectorDefinition(name: "files", connector: .builtIn("file", folder: scratch.path), config: config),
            destination: ConnectorDefinition(
                name: "warehouse", connector: "postgres",
                config: [
                    "host": .string(options.host), "port": .int(options.port), "database": .string(options.database),
                    "username": .string(options.user), "password": .string(options.password ?? ""), "schema": "landing",
                ]),
            streams: [ConfiguredStream(name: stream, syncMode: mode, primaryKey: key)])
    }

    @discardableResult
    func sync(_ config: JSON, mode: SyncMode = .fullRefreshOverwrite, stream: String = "t", key: [String]? = nil) async throws
        -> StreamResult
    {
        try await Sync(definition(config, mode: mode, stream: stream, key: key)).run().streams[0]
    }

    /// The table's rows, each as PostgreSQL writes a row of the columns that are no meta columns.
    func rows(_ columns: String = "*", table: String = "t") async throws -> [String] {
        var list = columns
        if columns == "*" {
            list =
                try await warehouse.query(
                    """
                    select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                    where attrelid = $1::regclass and attnum > 0 and attname not like '\\_airbyte\\_%'
                    """, [.string("landing.\(table)")]
                ).scalar?.string ?? ""
        }
        return try await warehouse.execute("select row(\(list))::text from landing.\(table) order by ctid").map {
            $0[0].string ?? ""
        }
    }

    /// The columns' types, in order.
    func types(table: String = "t") async throws -> [String] {
        try await warehouse.query(
            """
            select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = $1::regclass and attnum > 0 and attname not like '\\_airbyte\\_%' order by attnum
            """, [.string("landing.\(table)")]
        ).map { $0[0].string ?? "" }
    }

    func changes(table: String = "t") async throws -> [String] {
        try await warehouse.execute("select (_airbyte_meta -> 'changes')::text from landing.\(table) order by ctid").map {
            $0[0].string ?? ""
        }
    }
}

func withFileSync(_ body: (FileSync) async throws -> Void) async throws {
    try await withScratch { scratch in
        try await withTestDatabase { database in
            try await body(FileSync(scratch: scratch, warehouse: try await database.connect(), database: database))
        }
    }
}

/// The error that `body` throws, as the connector's.
func connectorError(_ body: () async throws -> Void) async -> ConnectorError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ConnectorError
    }
}

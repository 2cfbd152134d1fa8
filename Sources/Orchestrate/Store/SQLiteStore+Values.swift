import Documents
import Foundation
import GRDB

extension SQLiteStore: ValueStore {
    package func sealedValues() async throws -> SealedValues { try await read { try SealedValues($0) } }

    /// The values in a file, for who has no store open: empty where there is no file, or one from before there were any.
    ///
    /// It blocks, and changes nothing.
    package static func sealedValues(at path: String) throws -> SealedValues {
        guard FileManager.default.fileExists(atPath: path) else { return SealedValues() }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in try db.tableExists("secret") ? try SealedValues(db) : SealedValues() }
        } catch {
            throw StoreFile.explain(error, path: path)
        }
    }

    package func set(_ variable: SealedValues.StoredVariable, by author: Author) async throws {
        try await write { db in
            try Self.write(variable, db)
            try Self.note(author, "variable_set", "variable", variable.name, db)
        }
    }

    package func set(_ connection: SealedValues.StoredConnection, by author: Author) async throws {
        try await write { db in
            try Self.write(connection, db)
            try Self.note(author, "connection_set", "connection", connection.id, db)
        }
    }

    package func set(_ secret: SealedValues.StoredSecret, by author: Author) async throws {
        try await write { db in
            try Self.write(secret, db)
            try Self.note(author, "secret_set", "secret", secret.name, db)
        }
    }

    package func removeVariable(_ name: String, by author: Author) async throws -> Bool {
        try await remove(name, from: "variable", key: "name", author)
    }

    package func removeConnection(_ id: String, by author: Author) async throws -> Bool {
        try await remove(id, from: "connection", key: "id", author)
    }

    package func removeSecret(_ name: String, by author: Author) async throws -> Bool {
        try await remove(name, from: "secret", key: "name", author)
    }

    package func reseal(
        by author: Author, _ body: @escaping @Sendable (inout SealedValues) throws -> Int
    ) async throws -> Int {
        try await write { db in
            var values = try SealedValues(db)
            let count = try body(&values)
            for variable in values.variables where variable.isEncrypted { try Self.write(variable, db) }
            for connection in values.connections { try Self.write(connection, db) }
            for secret in values.secrets { try Self.write(secret, db) }
            try Self.note(AuditEntry(author: author, action: "secrets_rotate", details: ["values": .int(count)]), db)
            return count
        }
    }

    private func remove(_ name: String, from table: String, key: String, _ author: Author) async throws -> Bool {
        try await write { db in
            try db.execute(sql: "DELETE FROM \(table) WHERE \(key) = ?", arguments: [name])
            guard db.changesCount > 0 else { return false }
            try Self.note(author, "\(table)_delete", table, name, db)
            return true
        }
    }

    private static func note(_ author: Author, _ action: String, _ kind: String, _ name: String, _ db: Database) throws {
        try note(AuditEntry(author: author, action: action, details: .object(JSON.Members([(kind, .string(name))]))), db)
    }

    // MARK: Rows

    private static func write(_ variable: SealedValues.StoredVariable, _ db: Database) throws {
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO variable (name, type, value, description, is_encrypted, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                variable.name, variable.type.rawValue, variable.value, variable.description, variable.isEncrypted,
                variable.updatedAt.microseconds,
            ])
    }

    private static func write(_ connection: SealedValues.StoredConnection, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO connection (id, type, description, host, schema, login, password, port, extra, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                connection.id, connection.type, connection.description, connection.host, connection.schema, connection.login,
                connection.password, connection.port, connection.extra, connection.updatedAt.microseconds,
            ])
    }

    private static func write(_ secret: SealedValues.StoredSecret, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO secret (name, value, description, updated_at) VALUES (?, ?, ?, ?)",
            arguments: [secret.name, secret.value, secret.description, secret.updatedAt.microseconds])
    }
}

extension SealedValues {
    fileprivate init(_ db: Database) throws {
        variables = try Row.fetchAll(db, sql: "SELECT * FROM variable ORDER BY name").map { row in
            StoredVariable(
                name: row["name"], type: Variable.Kind(rawValue: row["type"]) ?? .string, value: row["value"],
                description: row["description"], isEncrypted: row["is_encrypted"],
                updatedAt: Timestamp(microseconds: row["updated_at"]))
        }
        connections = try Row.fetchAll(db, sql: "SELECT * FROM connection ORDER BY id").map { row in
            StoredConnection(
                id: row["id"], type: row["type"], description: row["description"], host: row["host"], schema: row["schema"],
                login: row["login"], password: row["password"], port: row["port"], extra: row["extra"],
                updatedAt: Timestamp(microseconds: row["updated_at"]))
        }
        secrets = try Row.fetchAll(db, sql: "SELECT * FROM secret ORDER BY name").map { row in
            StoredSecret(
                name: row["name"], value: row["value"], description: row["description"],
                updatedAt: Timestamp(microseconds: row["updated_at"]))
        }
    }
}

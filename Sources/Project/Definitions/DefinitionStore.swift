import Diagnostics
import Documents
import Foundation
import GRDB
import Orchestrate

/// Keeps definitions in a SQLite file of the project that only its owner can read.
///
/// Configs of sources and destinations are sealed as a whole, so that no secret lies there as it is. The file is apart from the
/// records of runs, which may be moved away without losing what was defined.
struct DefinitionStore: Sendable {
    private let path: String
    private let secrets: any TextSeal

    init(path: String, secrets: any TextSeal) {
        self.path = path
        self.secrets = secrets
    }

    /// The number of changes that the file has seen; nil where there is none. It costs microseconds.
    ///
    /// Format: the change counter in the header of a SQLite file with a rollback journal (bytes 24 to 27).
    static func stamp(_ path: String) -> UInt32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var counter: UInt32 = 0
        let count = withUnsafeMutableBytes(of: &counter) { pread(descriptor, $0.baseAddress, $0.count, 24) }
        return count == 4 ? UInt32(bigEndian: counter) : nil
    }

    /// All definitions, in the order in which they were made; empty where there is no file.
    /// - Throws: `ProjectError` where the file or a sealed config cannot be read.
    func all() throws -> [Definition] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try explained {
            try database(isReadOnly: true).read { db in
                // A process that is making the file at this moment has not defined anything yet.
                guard try db.tableExists("definition") else { return [] }
                return try Row.fetchAll(db, sql: "SELECT * FROM definition ORDER BY created_at, id").map(definition)
            }
        }
    }

    /// Lets `change` make new definitions of the present ones, in one transaction that nobody else writes in.
    func update<T>(_ change: (inout Batch) throws -> T) throws -> T {
        try explained {
            try database(isReadOnly: false).write { db in
                var batch = Batch(
                    definitions: try Row.fetchAll(db, sql: "SELECT * FROM definition ORDER BY created_at, id").map(definition))
                let before = Dictionary(uniqueKeysWithValues: batch.definitions.map { ($0.id, $0) })
                let result = try change(&batch)
                let after = Set(batch.definitions.map(\.id))
                for id in before.keys where !after.contains(id) {
                    try db.execute(sql: "DELETE FROM definition WHERE id = ?", arguments: [id.text])
                }
                for definition in batch.definitions where definition != before[definition.id] { try put(definition, db) }
                return result
            }
        }
    }

    /// Seals all configs anew, and says how many; those whose key is lost stay as they are.
    func reseal() throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        return try explained {
            try database(isReadOnly: false).write { db in
                let open = try Row.fetchAll(db, sql: "SELECT * FROM definition").map(definition).filter {
                    $0.lockedReason == nil && $0.kind != .connection
                }
                for definition in open { try put(definition, db) }
                return open.count
            }
        }
    }

    /// What a change works on.
    struct Batch {
        var definitions: [Definition]

        /// Greater than all revisions so far, also of those that are gone.
        let revision: Int

        init(definitions: [Definition]) {
            self.definitions = definitions
            revision = max(Int(Timestamp.now.microseconds), (definitions.map(\.revision).max() ?? 0) + 1)
        }
    }

    private func explained<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw ProjectError(
                .definitionsUnreadable, "the definitions in '\(path)' cannot be used: \(error.message ?? "\(error.resultCode)")",
                hint: "check who owns the file; moved away, only what stands in \(LeatProject.fileName) is left")
        }
    }

    private func database(isReadOnly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "leat.definitions"
        configuration.busyMode = .timeout(10)
        configuration.readonly = isReadOnly
        if isReadOnly { return try DatabaseQueue(path: path, configuration: configuration) }
        let isNew = !FileManager.default.fileExists(atPath: path)
        if isNew {
            let folder = (path as NSString).deletingLastPathComponent
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // Made by us with its rights, for SQLite would make it with those of any other file.
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor >= 0 { close(descriptor) }
        }
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try Self.migrator.migrate(database)
        return database
    }

    private static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 definitions") { db in
            try db.execute(
                sql: """
                    CREATE TABLE definition (
                        id TEXT PRIMARY KEY,
                        kind TEXT NOT NULL,
                        name TEXT NOT NULL,
                        content TEXT NOT NULL,
                        revision INTEGER NOT NULL,
                        created_at INTEGER NOT NULL,
                        updated_at INTEGER NOT NULL,
                        author TEXT NOT NULL,
                        UNIQUE (kind, name)
                    ) WITHOUT ROWID;
                    """)
        }
        return migrator
    }()

    private func put(_ definition: Definition, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO definition (id, kind, name, content, revision, created_at, updated_at, author)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                definition.id.text, definition.kind.rawValue, definition.name, try sealed(definition).text(),
                definition.revision, definition.createdAt.microseconds, definition.updatedAt.microseconds, definition.author,
            ])
    }

    private func definition(_ row: Row) throws -> Definition {
        guard let kind = Definition.Kind(rawValue: row["kind"]), let id = UUID(uuidString: row["id"]),
            let content = try? JSON(parsing: row["content"] as String)
        else {
            throw ProjectError(.definitionsUnreadable, "the definitions in '\(path)' were written by another version of Leat")
        }
        var definition = Definition(
            kind: kind, id: id, name: row["name"], content: content, author: row["author"],
            at: Timestamp(microseconds: row["created_at"]))
        definition.updatedAt = Timestamp(microseconds: row["updated_at"])
        definition.revision = row["revision"]
        try unseal(&definition)
        return definition
    }

    // MARK: Sealed configs

    private static let sealedKey = "sealed_config"

    private func sealed(_ definition: Definition) throws -> JSON {
        guard definition.kind != .connection, case .object(var members) = definition.content, let config = members["config"]
        else { return definition.content }
        members["config"] = nil
        members[Self.sealedKey] = .string(try secrets.seal(config.text(), as: Self.label(definition)))
        return .object(members)
    }

    private func unseal(_ definition: inout Definition) throws {
        guard case .object(var members) = definition.content, let sealed = members[Self.sealedKey]?.string else { return }
        do {
            members["config"] = try JSON(parsing: try secrets.open(sealed, as: Self.label(definition)))
            members[Self.sealedKey] = nil
            definition.content = .object(members)
        } catch let error as any UserFacingError {
            definition.lockedReason = error.message
        }
    }

    /// What a sealed config belongs to, so that it cannot be put under another definition.
    private static func label(_ definition: Definition) -> String { "definition:\(definition.id.text)" }
}

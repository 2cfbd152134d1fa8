import Foundation
import GRDB
package import Orchestrate

/// Users, their sessions and their tokens, in a SQLite file of their own that only its owner can read.
///
/// Passwords are kept as scrypt hashes, the secrets of sessions and tokens as SHA-256 hashes: who reads the file cannot log in
/// with what it holds.
package struct AccessStore: Sendable {
    let database: DatabaseQueue
    let clock: any RunClock
    private let passwordCost: Int
    private let known = KnownPasswords()
    /// How long a session lives after its last use.
    static let sessionLifetime = Duration.seconds(14 * 86_400)

    /// Opens the file, or makes it. It blocks for some milliseconds.
    /// - Throws: `ServeError` with code `serve.access_unreadable`.
    package init(path: String, clock: any RunClock = SystemRunClock()) throws {
        try self.init(path: path, clock: clock, passwordCost: PasswordHash.standardCost)
    }

    /// - Parameter passwordCost: the logarithm of scrypt's N, at least 10.
    init(path: String, clock: any RunClock, passwordCost: Int) throws {
        self.passwordCost = passwordCost
        self.clock = clock
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(filePath: path))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.foreignKeysEnabled = true
            database = try DatabaseQueue(path: path, configuration: configuration)
            try AccessSchema.migrator.migrate(database)
        } catch {
            throw ServeError(
                .accessUnreadable, "the users of this server in '\(path)' cannot be read: \(error)",
                hint: "check who owns the file; moved away, a new one is made with a new admin")
        }
    }

    /// Makes the first admin where there is no user yet, and gives the password, which is shown once and never again.
    package func makeFirstAdmin() async throws -> (name: String, password: String)? {
        guard try await users().isEmpty else { return nil }
        let password = SecretText.random(bytes: 15)
        try await setUser("admin", role: .admin, password: password)
        return ("admin", password)
    }

    /// All users by name.
    package func users() async throws -> [User] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT name, role, created_at FROM user ORDER BY name").compactMap(Self.user)
        }
    }

    /// Adds a user, or gives one another password and role; all sessions of that user end.
    /// - Throws: `ServeError` with code `serve.bad_user` for a name or password that cannot be.
    /// - Parameter allowsShort: whether a password of fewer than 8 characters is taken, for a server that only its own machine reaches.
    package func setUser(_ name: String, role: Role, password: String, allowsShort: Bool = false) async throws {
        let isName = !name.isEmpty && name.utf8.count <= 100 && !name.contains { $0.isWhitespace || $0 == ":" }
        guard isName else {
            throw ServeError(
                .badUser, "'\(name)' cannot be a user's name", hint: "use up to 100 characters without spaces and colons")
        }
        guard password.utf8.count >= (allowsShort ? 1 : 8), password.utf8.count <= 1000 else {
            throw ServeError(.badUser, "the password is too short or too long", hint: "use 8 to 1000 characters")
        }
        let hash = try await PasswordHash.make(password, cost: passwordCost)
        let now = clock.now().microseconds
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO user (name, role, password, created_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password
                    """, arguments: [name, role.rawValue, hash.text, now])
            try db.execute(sql: "DELETE FROM session WHERE user = ?", arguments: [name])
        }
    }

    /// Removes a user with all sessions and tokens, and says whether there was one.
    /// - Throws: `ServeError` with code `serve.bad_user` for the last admin, without whom nobody could let others in.
    package func removeUser(_ name: String) async throws -> Bool {
        try await database.write { db in
            let admins = try String.fetchAll(db, sql: "SELECT name FROM user WHERE role = 'admin'")
            guard admins != [name] else {
                throw ServeError(.badUser, "'\(name)' is the last admin and stays", hint: "make another admin first")
            }
            try db.execute(sql: "DELETE FROM user WHERE name = ?", arguments: [name])
            return db.changesCount > 0
        }
    }

    /// The user whose name and password these are. It takes as long for a name that does not exist.
    func user(_ name: String, password: String) async throws -> User? {
        let found = try await database.read { db -> (user: User?, password: String)? in
            try Row.fetchOne(db, sql: "SELECT name, role, created_at, password FROM user WHERE name = ?", arguments: [name])
                .map { (Self.user($0), $0["password"]) }
        }
        // Programs send their password with each request; a hash takes a tenth of a second.
        if let found, known.contains(password, for: found.password) { return found.user }
        guard try await PasswordHash(text: found?.password ?? nobody).accepts(password), let found else { return nil }
        known.insert(password, for: found.password)
        return found.user
    }

    /// The hash of a password that nobody knows.
    private var nobody: String {
        "$scrypt$ln=\(passwordCost),r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    }

    static func user(_ row: Row) -> User? {
        guard let role = Role(rawValue: row["role"]) else { return nil }
        return User(name: row["name"], role: role, createdAt: Timestamp(microseconds: row["created_at"]))
    }
}

package import Postgres

/// A fresh, empty database on the test run's server.
///
/// ```swift
/// try await withTestDatabase { database in
///     let connection = try await database.connect()
///     try await connection.execute("create table t (id int)")
/// }
/// ```
package struct TestDatabase: Sendable {
    package let name: String
    /// How to connect to it, as a superuser.
    package let options: ConnectionOptions

    /// Makes a database. It lives until ``drop()`` or the end of the test run; ``withTestDatabase(_:)`` drops by itself.
    package static func make() async throws -> TestDatabase {
        var options = try await TestCluster.shared.options()
        let name = "test_\(UInt64.random(in: 0...UInt64.max))"
        try await administer(options, "create database \(name) template template0")
        options.database = name
        return TestDatabase(name: name, options: options)
    }

    /// Drops it, whoever is connected.
    package func drop() async throws {
        var options = options
        options.database = "postgres"
        try await Self.administer(options, "drop database if exists \(name) with (force)")
    }

    package func connect() async throws -> Connection { try await Connection.connect(options) }

    private static func administer(_ options: ConnectionOptions, _ sql: String) async throws {
        let connection = try await Connection.connect(options)
        try await connection.execute(sql)
        await connection.close()
    }
}

/// Runs `body` with a fresh database and drops that afterwards, also if `body` throws.
package func withTestDatabase<T>(_ body: (TestDatabase) async throws -> T) async throws -> T {
    let database = try await TestDatabase.make()
    do {
        let value = try await body(database)
        try await database.drop()
        return value
    } catch {
        try? await database.drop()
        throw error
    }
}

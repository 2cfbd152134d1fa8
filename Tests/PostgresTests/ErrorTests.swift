import Diagnostics
import Postgres
import TestSupport
import Testing

@Suite("Errors")
struct ErrorTests {
    private func failure(_ connection: Connection, _ sql: String, _ parameters: [Parameter] = []) async throws -> PostgresError {
        try await #require(throws: PostgresError.self) { _ = try await connection.query(sql, parameters) }
    }

    @Test("carry everything that the server says")
    func serverErrors() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let unknown = try await failure(connection, "select é,\n  nam from (select 1 as é, 2 as name) t")
            #expect(unknown.sqlState == .undefinedColumn)
            #expect(unknown.severity == "ERROR")
            #expect(unknown.hint?.contains("t.name") == true)
            let place = try #require(unknown.lineAndColumn(in: "select é,\n  nam from"))
            #expect(place == (2, 3))

            try await connection.execute("create table t (id int constraint one primary key); insert into t values (1)")
            let twice = try await failure(connection, "insert into t values ($1)", [1])
            #expect(twice.sqlState == .uniqueViolation)
            #expect(twice.detail == "Key (id)=(1) already exists.")
            #expect(twice.constraintName == "one")
            #expect(twice.tableName == "t")
            #expect(twice.description.contains("SQLSTATE 23505"))

            try await connection.execute(
                "create function f() returns int language plpgsql as $$ begin execute 'select nothing'; return 1; end $$")
            let inner = try await failure(connection, "select f()")
            #expect(inner.internalQuery == "select nothing")
            #expect(inner.context?.contains("PL/pgSQL function f()") == true)
        }
    }

    @Test("tell what may be tried again")
    func retryable() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let deadlock = try await failure(connection, "do $$ begin raise exception 'x' using errcode = '40P01'; end $$")
            #expect(deadlock.isRetryable)
            #expect(!(try await failure(connection, "select 1/0")).isRetryable)
            let other = try await database.connect()
            try await other.execute("select pg_terminate_backend(\(connection.serverProcessID))")
            let lost = try await failure(connection, "select 1")
            #expect(lost.isRetryable)
            #expect(lost.kind == .connectionLost)
            #expect(await connection.isAlive == false)
        }
    }

    @Test("never hold the password")
    func password() async throws {
        let good = try await TestCluster.shared.options()
        var wrongPassword = good
        wrongPassword.password = "s3cret-of-mine"
        var wrongDatabase = good
        wrongDatabase.database = "nowhere"
        var wrongPort = wrongPassword
        wrongPort.port = try TestCluster.freePort()
        let cases: [(ConnectionOptions, SQLState?)] = [
            (wrongPassword, .invalidPassword), (wrongDatabase, .invalidCatalogName), (wrongPort, nil),
        ]
        for (options, state) in cases {
            let error = try await #require(throws: PostgresError.self) { _ = try await Connection.connect(options) }
            #expect(error.kind == .connectFailed)
            #expect(error.sqlState == state)
            var text = ""
            dump(error, to: &text)
            dump(options, to: &text)
            text += "\(error)\(String(reflecting: options))\(options)"
            #expect(!text.contains(options.password ?? "-"))
            #expect(text.contains("\(options.port)"))
        }
    }

    @Test("refuse zero bytes instead of cutting the text there")
    func zeroBytes() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            #expect(try await failure(connection, "select 1\0; drop table t").kind == .invalidInput)
            #expect(try await failure(connection, "select $1::text", ["a\0b"]).kind == .invalidInput)
        }
    }

    @Test("leave the connection usable when a COPY is run as a query")
    func copyAsQuery() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            for sql in ["copy (select generate_series(1, 100000)) to stdout", "create table t (i int); copy t from stdin"] {
                let error = await #expect(throws: PostgresError.self) { try await connection.execute(sql) }
                #expect(error?.kind == .invalidInput)
                #expect(try await connection.query("select 1").scalar?.int == 1)
            }
        }
    }
}

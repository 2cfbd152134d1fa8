import Postgres
import TestSupport
import Testing

@Suite("Queries")
struct QueryTests {
    @Test("returns typed rows for parameters of each kind")
    func parameters() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.query(
                "select $1::int + 1 as n, $2::text as t, $3::bool as b, $4::float8 as f, $5::bytea as raw, $6::text as nothing",
                [41, "it's", true, 1.5, .bytes([0, 255, 92]), nil])
            let row = try #require(result.first)
            #expect(row["n"]?.int == 42)
            #expect(row["t"]?.string == "it's")
            #expect(row["b"]?.bool == true)
            #expect(row["f"]?.double == 1.5)
            #expect(row["raw"]?.bytes == [0, 255, 92])
            #expect(row["nothing"]?.isNull == true)
            #expect(row["missing"] == nil)
            #expect(result.columns.map(\.name) == ["n", "t", "b", "f", "raw", "nothing"])
            #expect(result.commandTag == "SELECT 1")
        }
    }

    @Test("carries the special numbers and whole range of integers")
    func numbers() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.query(
                "select $1::float8, $2::float8, $3::bigint, $4::numeric",
                [.double(.infinity), .double(.nan), .int(Int64.min), .int(UInt64.max)])
            let row = try result[0].decode(as: (Double, Double, Int64, UInt64).self)
            #expect(row.0 == .infinity)
            #expect(row.1.isNaN)
            #expect(row.2 == .min)
            #expect(row.3 == .max)
        }
    }

    @Test("decodes rows as tuples and says which column does not fit")
    func decoding() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.query(
                "select n, nullif(n, 2) as odd, 'x' || n as name from generate_series(1, 3) n")
            let rows = try result.decode(as: (Int, Int?, String).self)
            #expect(rows.map(\.1) == [1, nil, 3])
            #expect(rows.map(\.2) == ["x1", "x2", "x3"])
            let null = #expect(throws: PostgresError.self) { _ = try result.decode(as: (Int, Int).self) }
            #expect(null?.message == "column \"odd\" is null, wanted Int")
            let type = #expect(throws: PostgresError.self) { _ = try result.decode(as: (Int, Int?, Bool).self) }
            #expect(type?.kind == .decoding)
        }
    }

    @Test("runs several statements at once and returns the last result")
    func severalStatements() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.execute(
                "create table t (id int); insert into t values (1), (2); select count(*) from t")
            #expect(result.scalar?.int == 2)
            #expect(try await connection.execute("insert into t values (3)").affectedRows == 1)
            #expect(try await connection.execute("").isEmpty)
            await #expect(throws: PostgresError.self) { try await connection.execute("insert into t values (4); select 1/0") }
            #expect(try await connection.execute("select count(*) from t").scalar?.int == 3)
        }
    }

    @Test("keeps a result after its connection has gone")
    func resultOutlives() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.query("select repeat('é', 1000)")
            await connection.close()
            #expect(result.scalar?.string?.count == 1000)
            let error = await #expect(throws: PostgresError.self) { _ = try await connection.query("select 1") }
            #expect(error?.kind == .closed)
        }
    }

    @Test("collects notices, or hands them to the option's closure")
    func notices() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("do $$ begin raise warning 'careful' using detail = 'very', hint = 'look'; end $$")
            let notices = await connection.takeNotices()
            #expect(notices == [Notice(severity: "WARNING", message: "careful", detail: "very", hint: "look", sqlState: "01000")])
            #expect(await connection.takeNotices().isEmpty)

            try await confirmation { received in
                var options = database.options
                options.onNotice = { notice in if notice.message == "hello" { received() } }
                let other = try await Connection.connect(options)
                try await other.execute("do $$ begin raise notice 'hello'; end $$")
                #expect(await other.takeNotices().isEmpty)
            }
        }
    }

    @Test("applies the session's settings, with spaces and backslashes in them")
    func settings() async throws {
        try await withTestDatabase { database in
            var options = database.options
            options.settings = ["search_path": "a, \"b c\"", "application_name": #"x \ y"#]
            options.clientCheckInterval = .milliseconds(1500)
            let connection = try await Connection.connect(options)
            #expect(try await connection.query("show search_path").scalar?.string == "a, \"b c\"")
            #expect(try await connection.query("show client_connection_check_interval").scalar?.string == "1500ms")
        }
    }

    @Test("quotes identifiers and literals so that the server reads them back")
    func quoting() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            for text in ["plain", "it's", "a\"b", #"back\slash"#, #"\' or 1=1 --"#, "é ☃", "", "$1", "new\nline"] {
                #expect(try await connection.execute("select\(quoteLiteral(text))").scalar?.string == text)
                guard !text.isEmpty else { continue }
                let result = try await connection.execute("select 1 as \(quoteIdentifier(text))")
                #expect(result.columns.first?.name == text)
            }
            #expect(quoteIdentifier(schema: "a", "b\"c") == "\"a\".\"b\"\"c\"")
            #expect(quoteIdentifier(schema: nil, "b") == "\"b\"")
        }
    }
}

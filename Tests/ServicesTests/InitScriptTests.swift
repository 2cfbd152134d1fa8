import Diagnostics
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Services

@Suite("Running init scripts")
struct InitScriptTests {
    /// Runs a script over a fresh database.
    private func run(
        _ sql: String, files: [String: String] = [:], bytes: [String: [UInt8]] = [:],
        then check: (Connection) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let project = try TemporaryProject()
            defer { try? FileManager.default.removeItem(atPath: project.path) }
            try project.write("scripts/init.sql", sql)
            for (name, text) in files { try project.write(name, text) }
            for (name, bytes) in bytes { try Data(bytes).write(to: URL(fileURLWithPath: "\(project.path)/\(name)")) }
            let connection = try await database.connect()
            do {
                try await connection.perform { connection in
                    let script = try InitScript("scripts/init.sql", project: project.path)
                    let runner = ScriptRunner(
                        script: script, project: project.path, connection: connection, onCopied: { _, _ in })
                    try runner.run { _ in }
                }
            } catch {
                await connection.reset()
                try await check(connection)
                throw error
            }
            try await check(connection)
        }
    }

    private func failure(
        _ sql: String, files: [String: String] = [:], bytes: [String: [UInt8]] = [:]
    ) async throws -> ServicesError {
        try await #require(throws: ServicesError.self) {
            try await run("create table kept (id int);\n" + sql, files: files, bytes: bytes) { connection in
                let kept = try await connection.query("select to_regclass('kept')").scalar
                #expect(kept?.isNull == true, "nothing may stay")
            }
        }
    }

    @Test("runs statements, \\copy and inline data")
    func everything() async throws {
        try await run(
            """
            -- the tables
            create table a (id int, note text);
            create function f() returns int language plpgsql as $$ begin return 1; end; $$;
            \\copy a (id, note) from 'data/a.csv' with (format csv, header true)
            copy a from stdin;
            3\tinline
            \\.
            insert into a values (f(), 'last')
            """, files: ["data/a.csv": "id,note\n1,\"one; \n two\"\n2,\n"]
        ) { connection in
            let rows = try await connection.query("select id, note from a order by ctid").decode(as: (Int, String?).self)
            #expect(rows.map(\.0) == [1, 2, 3, 1])
            #expect(rows.map(\.1) == ["one; \n two", nil, "inline", "last"])
        }
    }

    @Test("points at the place of an SQL error")
    func sqlError() async throws {
        let syntax = try await failure("select 1,\n  é, frm x;")
        #expect(syntax.description.hasPrefix("scripts/init.sql:3:"), "\(syntax)")
        let unknown = try await failure("\n\n/* é */ select nothing from kept;")
        #expect(unknown.location?.line == 4)
        #expect(unknown.location?.column == 16)
        #expect(unknown.message == "column \"nothing\" does not exist")
        let runtime = try await failure("insert into kept values (1);\n  select 1/0;")
        #expect(runtime.location?.description == "scripts/init.sql:3:3")
        #expect(runtime.message == "division by zero")
    }

    @Test("refuses a value that does not fit, with its place in the file")
    func refusedValue() async throws {
        let error = try await failure(
            "create table t (id uuid, note text, n int);\n\\copy t from 'd/raw.csv' with (format csv, header true)",
            files: [
                "d/raw.csv":
                    "id,note,n\n1cf65df3-7453-4676-94a4-716347054b41,\"a\nb\",1\n1cf65df3-7453-4676-94a4-716347054b41,\"c\nd\",twelve\n"
            ])
        #expect(error.kind == .dataRefused)
        #expect(error.location?.description == "d/raw.csv:5:4")
        #expect(error.message == "\"twelve\" does not fit column n of t: invalid input syntax for type integer")
        #expect(error.details.contains { $0.contains("scripts/init.sql:3:1") })

        let first = try await failure(
            "create table t (id uuid, n int);\n\\copy t from 'raw.csv' csv header", files: ["raw.csv": "id,n\nabc,1\n"])
        #expect(first.location?.description == "raw.csv:2:1")
    }

    @Test("refuses rows that are too short, too long, or break a rule of the table")
    func refusedRows() async throws {
        let table = "create table t (a int not null, b int, c int generated always as (a + 1) stored, unique (b));\n"
        let copy = "\\copy t from 'x.csv' csv"
        let short = try await failure(table + copy, files: ["x.csv": "1,2\n3\n"])
        #expect(short.location?.description == "x.csv:2:2", "\(short)")
        let long = try await failure(table + copy, files: ["x.csv": "1,2\n3,4,5\n"])
        #expect(long.location?.description == "x.csv:2:5", "\(long)")
        let null = try await failure(table + copy, files: ["x.csv": "1,2\n,4\n"])
        #expect(null.location?.description == "x.csv:2:1", "\(null)")
        let twice = try await failure(table + copy, files: ["x.csv": "1,2\n3,2\n"])
        #expect(twice.location?.line == 2, "\(twice)")
        let encoding = try await failure(table + "\\copy kept from 'y.csv' csv", files: ["y.csv": "1\n\"2\n"])
        #expect(encoding.location?.file == "y.csv", "\(encoding)")
        let inline = try await failure("copy kept from stdin;\n1\nx\n\\.\n")
        #expect(inline.location?.description == "scripts/init.sql:4", "\(inline)")
    }

    @Test(
        "finds the byte at fault in text that is no text",
        arguments: [
            ([UInt8]("id,note\n1,ä\n2,ab".utf8) + [0xE4] + [UInt8]("c\n3,d\n".utf8), "raw.csv:3:5", "0xe4"),
            ([UInt8]("id,note\n1,ä\n2,ä\u{0}c\n".utf8), "raw.csv:3:4", "0x00"),
            ([UInt8]("id,note\n1,\"a\nb\"\n2,\"c \"\"d\n3,e\n".utf8), "raw.csv:4:3", "unterminated CSV quoted field"),
            ([UInt8]("id,note\n1,a\n2,b\"c\n3,d\n".utf8), "raw.csv:3:4", "unterminated CSV quoted field"),
        ])
    func byteAtFault(_ bytes: [UInt8], _ place: String, _ reason: String) async throws {
        let copy = "create table t (id int, note text);\n\\copy t from 'raw.csv' with (format csv, header true)"
        let error = try await failure(copy, bytes: ["raw.csv": bytes])
        #expect(error.kind == .dataRefused)
        #expect(error.location?.description == place, "\(error)")
        #expect(error.message.contains(reason), "\(error)")
    }

    @Test("names the statement that makes a column twice")
    func columnTwice() async throws {
        let created = try await failure("\n-- twice\n  create table t (a int, b int,\n  a int);")
        #expect(created.location?.description == "scripts/init.sql:4:3", "\(created)")
        let copied = try await failure("create table t (a int);\n\\copy t (a, a) from 'x.csv' csv", files: ["x.csv": "1,2\n"])
        #expect(copied.location?.description == "scripts/init.sql:3:1", "\(copied)")
        let inline = try await failure("create table t (a int);\ncopy t (a, a) from stdin;\n1\t2\n\\.\n")
        #expect(inline.location?.line == 3, "\(inline)")
    }

    @Test("names a folder that is copied as if it were a file, at the \\copy")
    func folderAsFile() async throws {
        let error = try await failure("\\copy kept from 'scripts' csv")
        #expect(error.kind == .scriptMissing)
        #expect(error.location?.description == "scripts/init.sql:2:1")
        #expect(error.message.contains("the file scripts cannot be read: Is a directory"))
    }

    @Test("names a file that does not exist, at the \\copy that wants it")
    func missingFile() async throws {
        let error = try await failure("\\copy kept from 'none.csv' csv")
        #expect(error.kind == .scriptMissing)
        #expect(error.location?.description == "scripts/init.sql:2:1")
        #expect(error.message.contains("none.csv"))
        let table = try await failure("\\copy nowhere from 'none.csv' csv")
        #expect(table.location?.description == "scripts/init.sql:2:1")
        #expect(table.message.contains("nowhere"))
    }

    @Test("rolls back what a deferred rule refuses at the end")
    func deferred() async throws {
        let error = try await failure(
            "create table p (id int primary key);\ncreate table c (p int references p deferrable initially deferred);\ninsert into c values (1);\n"
        )
        #expect(error.kind == .scriptFailed)
        #expect(error.message.contains("foreign key"))
    }
}

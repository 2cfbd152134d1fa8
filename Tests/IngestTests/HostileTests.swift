import Connectors
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Hostile input")
struct HostileTests {
    /// A name with everything in it that SQL might take for something else.
    private static let hostile = #"we"ird'; drop table precious; -- \ $1"#

    @Test("SQL in every name that can be set is a name and nothing else", arguments: SyncMode.allCases)
    func names(mode: SyncMode) async throws {
        let (table, key, cursor) = (Self.hostile, #"k"; --"#, #"c'"; select"#)
        let (column, schema) = (#"ü 'select" \\ 🦊"#, #"s"; drop schema x; --"#)
        func quoted(_ name: String) -> String { quoteIdentifier(name) }
        try await withSync(
            """
            create schema \(quoted(schema)); create table precious as select 1 as x;
            create table \(quoted(schema)).\(quoted(table)) (\(quoted(key)) int primary key, \(quoted(cursor)) int,
              \(quoted(column)) text, "select" text, "user" int[], "leat" text);
            insert into \(quoted(schema)).\(quoted(table)) values (1, 1, '''; --', 'a', '{1,null}', null), (2, 2, '\\', 'b', null, '')
            """
        ) { fixture in
            try await fixture.warehouse.execute("create table precious as select 1 as x")
            let stream = ConfiguredStream(
                name: table, namespace: schema, syncMode: mode, cursorField: cursor, primaryKey: [key],
                mappings: [
                    .rename(field: "leat", to: #"re"named'; --"#), .hash(field: "select", .md5),
                    .filter(.compare(column: column, .notEquals, value: #"'; drop table precious; --"#)),
                ])
            let definition = fixture.definition(
                [stream], name: #"conn"'; drop table precious; --"#, schemas: [schema],
                namespaceDefinition: .customFormat(#"land"'; --${SOURCE_NAMESPACE}"#), prefix: #"p"'; --"#)
            for round in 1...3 {
                if round == 2 {
                    try await fixture.source.execute(
                        "insert into \(quoted(schema)).\(quoted(table)) values (3, 3, 'x', 'c', '{}', 'y')")
                }
                let result = try await Sync(definition).run()
                #expect(result.streams.count == 1)
                let verified = try await Sync(definition).verify()
                #expect(verified.isEqual, "\(verified)")
            }
            let target = "\(quoted(#"land"'; --s"; drop schema x; --"#)).\(quoted(#"p"'; --"# + table))"
            let rows = try await fixture.count(target)
            #expect(rows == (mode == .fullRefreshAppend ? 8 : 3))
            #expect(try await Sync(definition).clear().map(\.rows) == [rows])
            for connection in [fixture.source, fixture.warehouse] {
                #expect(try await connection.execute("select x from precious").scalar?.int == 1)
            }
        }
    }

    @Test("as many columns as a table may have arrive; one more is refused with the limit, and nothing is left")
    func manyColumns() async throws {
        let columns = (1...1596).map { "c\($0) int default \($0)" }.joined(separator: ", ")
        try await withSync("create table wide (\(columns)); insert into wide default values; insert into wide (c1) values (null)")
        {
            fixture in
            let stream = ConfiguredStream(name: "wide", syncMode: .incrementalAppend, cursorField: "c2")
            #expect(try await fixture.sync(stream).rowsCommitted == 2)
            #expect(try await fixture.sync(stream).rowsCommitted == 0)
            #expect(try await fixture.text("select c1596::text from landing.wide limit 1") == "1596")
            #expect(try await Sync(fixture.definition([stream])).verify().isEqual)
            try await fixture.source.execute("alter table wide add column c1597 int")
            let error = await #expect(throws: ConnectorError.self) { try await fixture.refresh("wide") }
            #expect(error.map { "\($0)".contains("1600 columns") } == true, "\(String(describing: error))")
            #expect(try await fixture.count("landing.wide") == 2)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test("names of 63 bytes stay; with a prefix they are cut, and different names stay different")
    func longNames() async throws {
        let base = String(repeating: "ü", count: 30)
        let names = [base + "abc", base + "abd"]
        let tables = names.map { "create table \"\($0)\" (\"\($0)\" text); insert into \"\($0)\" values ('\($0)');" }.joined()
        try await withSync(tables) { fixture in
            for prefix in ["", "long_prefix_"] {
                let definition = fixture.definition(names.map { ConfiguredStream(name: $0) }, prefix: prefix)
                for _ in 1...2 {
                    let result = try await Sync(definition).run()
                    #expect(Set(result.streams.map(\.table)).count == 2)
                    #expect(
                        result.streams.allSatisfy { $0.table.split(separator: ".").last.map { $0.utf8.count <= 63 } ?? false })
                    #expect(try await Sync(definition).verify().isEqual)
                }
            }
            #expect(try await fixture.count("pg_tables where schemaname = 'landing'") == 4)
        }
    }

    @Test(
        "tables without rows, keys or with one column only are synced; one without columns is an error",
        arguments: SyncMode.allCases)
    func little(mode: SyncMode) async throws {
        try await withSync("create table empty (id int, at int); create table bare ()") { fixture in
            let stream = ConfiguredStream(name: "empty", syncMode: mode, cursorField: "at", primaryKey: ["id"])
            for _ in 1...2 { #expect(try await fixture.sync(stream).rowsCommitted == 0) }
            try await fixture.source.execute("insert into empty values (null, null), (null, null), (1, 1)")
            #expect(try await fixture.sync(stream).rowsCommitted == 3)
            #expect(try await Sync(fixture.definition([stream])).verify().isEqual)
            // Rows whose key is null and whose cursor is the last are there once.
            try await fixture.source.execute("insert into empty values (null, 1), (null, 1)")
            for _ in 1...3 { try await fixture.sync(stream) }
            if mode != .fullRefreshAppend { #expect(try await fixture.count("landing.empty where at = 1") == 3) }
            #expect(try await Sync(fixture.definition([stream])).verify().isEqual)
            let error = await #expect(throws: IngestError.self) { try await fixture.refresh("bare") }
            #expect(error?.message == "the stream 'public.bare' has no columns")
        }
    }

    @Test("a row of 100 MB arrives as it is")
    func hugeRow() async throws {
        try await withSync(
            """
            create table t (id int, big text); alter table t alter big set storage external;
            insert into t values (1, 'small'), (2, repeat('abcdefghij', 10 * 1024 * 1024)), (3, null)
            """
        ) { fixture in
            #expect(try await fixture.refresh("t").rowsCommitted == 3)
            let digest = try await fixture.text("select md5(big) || length(big) from landing.t where id = 2")
            let wanted = try await fixture.source.execute("select md5(big) || length(big) from t where id = 2").scalar?.string
            #expect(digest == wanted)
        }
    }
}

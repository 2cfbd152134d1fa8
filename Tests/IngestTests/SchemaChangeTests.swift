import Documents
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@testable import Connectors

@Suite("Changes of the source's schema")
struct SchemaChangeTests {
    private static let source = """
        create table t (id int primary key, at int, name varchar(10), score int);
        insert into t values (1, 1, 'a', 10), (2, 2, 'b', 20)
        """
    private let merged = ConfiguredStream(name: "t", syncMode: .incrementalAppendDeduped, cursorField: "at")

    private func run(
        _ fixture: SyncFixture, _ stream: ConfiguredStream, _ policy: SchemaPolicy, approve: Bool = false,
        backfill: Bool = false
    ) async throws -> StreamResult {
        var definition = fixture.definition([stream])
        definition.schemaPolicy = policy
        definition.backfillsColumns = backfill
        var options = SyncOptions()
        options.approvesChanges = approve
        return try await Sync(definition, options: options).run().streams[0]
    }

    @Test("columns that came, went or widened are carried over and reported; old rows keep their values")
    func propagates() async throws {
        try await withSync(Self.source) { fixture in
            #expect(try await run(fixture, merged, .propagateColumns).changes.isEmpty)
            try await fixture.source.execute(
                """
                alter table t add column fresh text default 'new'; alter table t drop column score;
                alter table t alter name type varchar(20); alter table t alter id type bigint;
                alter table t alter name set not null; update t set at = 3 where id = 2
                """)
            let result = try await run(fixture, merged, .propagateColumns)
            #expect(
                result.changes == [
                    .columnRetyped("id", from: "integer", to: "bigint"),
                    .columnRetyped("name", from: "character varying(10)", to: "character varying(20)"),
                    .nullability("name", isNullable: false), .columnAdded("fresh", type: "text"),
                    .columnRemoved("score", type: "integer"),
                ])
            #expect(result.publication == "merged" && result.generation == 1)
            #expect(result.notes.contains("column retyped: id was integer, is bigint"))
            let rows = try await fixture.text(
                "select string_agg(concat_ws(' ', id, at, name, score, fresh), ', ' order by id) from landing.t")
            #expect(rows == "1 1 a 10, 2 3 b new")
            let type = try await fixture.text("select pg_typeof(id)::text from landing.t limit 1")
            #expect(type == "bigint")
            #expect(try await run(fixture, merged, .propagateColumns).changes.isEmpty)
        }
    }

    @Test("a type that does not hold the old values has the stream read anew; where that would lose rows it is refused")
    func rebuilds() async throws {
        try await withSync(Self.source) { fixture in
            let appended = ConfiguredStream(name: "t", syncMode: .incrementalAppend, cursorField: "at")
            _ = try await run(fixture, merged, .propagateColumns)
            try await fixture.source.execute("alter table t alter score type date using date '2024-01-01' + score")
            let result = try await run(fixture, merged, .propagateColumns)
            #expect(result.generation == 2 && result.rowsCommitted == 2)
            #expect(result.notes.contains { $0.contains("read from the start, because the column 'score' was integer") })
            #expect(try await fixture.text("select max(score)::text from landing.t") == "2024-01-21")

            try await fixture.warehouse.execute("drop table landing.t")
            _ = try await run(fixture, appended, .propagateColumns)
            try await fixture.source.execute("alter table t alter score type int using 5")
            let error = await #expect(throws: ConnectorError.self) { try await run(fixture, appended, .propagateColumns) }
            #expect(error?.kind == .conflict && error?.hint?.contains("--refresh") == true)
            #expect(try await fixture.count("landing.t") == 2)
        }
    }

    @Test("what is not approved does not arrive, is reported at each sync, and arrives once it is approved")
    func ignores() async throws {
        try await withSync(Self.source) { fixture in
            for stream in [merged, ConfiguredStream(name: "t")] {
                _ = try await run(fixture, stream, .propagateColumns, approve: true)
                try await fixture.source.execute(
                    """
                    alter table t add column fresh text default 'new'; alter table t rename column name to title;
                    alter table t alter score type bigint; update t set at = at + 10, score = score + 1
                    """)
                for _ in 1...2 {
                    let result = try await run(fixture, stream, .ignore)
                    #expect(result.changes.contains(.columnAdded("fresh", type: "text")))
                    #expect(result.changes.contains(.columnRemoved("name", type: "character varying(10)")))
                    let row = try await fixture.text(
                        "select concat_ws(' ', id, name, score, pg_typeof(score)) from landing.t where id = 1")
                    #expect(row == "1 11 integer")
                    let columns = try await fixture.count(
                        "information_schema.columns where table_schema = 'landing' and column_name in ('fresh', 'title')")
                    #expect(columns == 0)
                }
                // A value that the old type cannot hold is not bent.
                try await fixture.source.execute("update t set score = 3000000000, at = at + 1 where id = 2")
                await #expect(throws: ConnectorError.self) { try await run(fixture, stream, .ignore) }
                let approved = try await run(fixture, stream, .ignore, approve: true)
                #expect(!approved.changes.isEmpty)
                #expect(try await fixture.text("select max(score)::text || max(fresh) from landing.t") == "3000000000new")
                try await fixture.source.execute("drop table t; \(Self.source)")
                try await fixture.warehouse.execute("drop table landing.t; delete from leat_internal.stream_states")
            }
        }
    }

    @Test("a connection that stops for changes says which, moves nothing, and goes on once they are approved")
    func stops() async throws {
        try await withSync(Self.source) { fixture in
            _ = try await run(fixture, merged, .disableConnection)
            try await fixture.source.execute("alter table t alter name drop not null")
            _ = try await run(fixture, merged, .disableConnection)
            try await fixture.source.execute("alter table t add column fresh text; insert into t values (3, 3, 'c', 30)")
            let error = await #expect(throws: IngestError.self) { try await run(fixture, merged, .disableConnection) }
            #expect(error?.kind == .schemaChanged)
            #expect(error?.details == ["t: column added: fresh (text)"])
            #expect(try await fixture.count("landing.t") == 2)
            #expect(try await run(fixture, merged, .disableConnection, approve: true).rowsCommitted == 2)
            #expect(try await run(fixture, merged, .disableConnection).changes.isEmpty)
        }
    }

    @Test("a key or cursor that the source removes stops the connection whatever its policy", arguments: SchemaPolicy.allCases)
    func breaking(policy: SchemaPolicy) async throws {
        try await withSync(Self.source) { fixture in
            _ = try await run(fixture, merged, policy)
            for (change, words) in [
                ("alter table t rename column at to moment", "the source has removed 'at', the cursor_field"),
                (
                    "alter table t rename column moment to at; alter table t drop constraint t_pkey",
                    "removed the primary key (id)"
                ),
                ("alter table t add primary key (name)", "primary key changed: was id, is name"),
            ] {
                try await fixture.source.execute(change)
                let error = await #expect(throws: IngestError.self) { try await run(fixture, merged, policy) }
                #expect(error?.kind == .breakingChange)
                #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            }
            let approved = try await run(fixture, merged, policy, approve: true)
            #expect(approved.generation == 2)
            #expect(approved.notes.contains { $0.contains("the primary key was id") })
            #expect(try await run(fixture, merged, policy).generation == 2)
        }
    }

    @Test("old rows get the values of a new column where that is asked for, and rows that are gone from the source stay")
    func backfills() async throws {
        try await withSync(Self.source) { fixture in
            _ = try await run(fixture, merged, .propagateColumns)
            try await fixture.source.execute("delete from t where id = 1; alter table t add column fresh text default 'new'")
            let result = try await run(fixture, merged, .propagateColumns, backfill: true)
            #expect(result.rowsRead == 1 && result.generation == 2)
            let rows = try await fixture.text("select string_agg(concat_ws(' ', id, fresh), ', ' order by id) from landing.t")
            #expect(rows == "1, 2 new")
        }
    }

    @Test("who follows the source in everything gets its new streams, and goes on without those that are gone")
    func streams() async throws {
        try await withSync(Self.source) { fixture in
            var definition = fixture.definition([merged])
            definition.schemaPolicy = .propagateFully
            let first = try await Sync(definition).run()
            #expect(first.changes.isEmpty && first.streams.map(\.name) == ["t"])
            try await fixture.source.execute("create table u as select 7 as x; create table without_columns ()")
            let second = try await Sync(definition).run()
            #expect(second.streams.map(\.name) == ["t", "u"])
            #expect(second.streams[1].changes == [.streamAdded(StreamDescriptor(namespace: "public", name: "u"))])
            #expect(try await fixture.text("select x::text from landing.u") == "7")
            try await fixture.source.execute("drop table t")
            let third = try await Sync(definition).run()
            #expect(third.changes == [.streamRemoved(StreamDescriptor(namespace: "public", name: "t"))])
            #expect(try await fixture.count("landing.t") == 2)
            #expect(third.json["schema_changes"]?[0]?["change"]?.string == "stream_removed")
        }
    }

    @Test("rows at the cursor are not there twice when a column is added between two syncs")
    func addedAtCursor() async throws {
        try await withSync("create table t as select i as id, 1 as at from generate_series(1, 5) i") { fixture in
            let stream = ConfiguredStream(name: "t", syncMode: .incrementalAppend, cursorField: "at")
            _ = try await run(fixture, stream, .propagateColumns)
            try await fixture.source.execute("alter table t add column more int default 7; insert into t values (6, 1, 8)")
            let result = try await run(fixture, stream, .propagateColumns)
            #expect(result.rowsRead == 6 && result.rowsCommitted == 1)
            #expect(try await fixture.count("landing.t") == 6)
        }
    }
}

@Suite("Changes of types that keep all values")
struct TypeWideningTests {
    @Test(
        "types that hold all that the old one held",
        arguments: [
            ("smallint", "integer"), ("integer", "bigint"), ("bigint", "numeric"), ("integer", "numeric(12,2)"),
            ("numeric(10,2)", "numeric(12,4)"), ("numeric(5,1)", "numeric"), ("real", "double precision"),
            ("character varying(5)", "character varying(6)"), ("character varying(5)", "character varying"),
            ("character varying", "text"), ("text", "character varying"), ("uuid", "text"),
            ("date", "timestamp without time zone"),
            ("timestamp(3) without time zone", "timestamp without time zone"), ("bit varying(3)", "bit varying"),
        ])
    func wider(old: String, new: String) { #expect(TypeWidening.keepsValues(from: old, to: new)) }

    @Test(
        "types that do not",
        arguments: [
            ("bigint", "integer"), ("integer", "numeric(9,0)"), ("numeric(10,2)", "numeric(12,1)"), ("numeric", "numeric(30,2)"),
            ("numeric(10,4)", "numeric(11,6)"), ("double precision", "real"), ("text", "character varying(5)"),
            ("character(5)", "text"), ("text", "integer"), ("timestamp without time zone", "timestamp with time zone"),
            ("timestamp without time zone", "date"), ("bigint", "double precision"), ("date", "timestamp(0) without time zone"),
            ("timestamp without time zone", "timestamp(3) without time zone"), ("jsonb", "json"),
        ])
    func narrower(old: String, new: String) { #expect(!TypeWidening.keepsValues(from: old, to: new)) }
}

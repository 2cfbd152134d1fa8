import Connectors
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Refreshes, clearing, look-back, selection and mappings")
struct RefreshTests {
    private static let source =
        "create table t (id int primary key, at int); insert into t select i, i from generate_series(1, 3) i"

    private func run(
        _ fixture: SyncFixture, _ stream: ConfiguredStream, _ refresh: Refresh? = nil, streams: [String] = []
    ) async throws -> StreamResult {
        var options = SyncOptions()
        options.refresh = refresh
        options.streams = streams
        return try await Sync(fixture.definition([stream]), options: options).run().streams[0]
    }

    @Test(
        "a refresh begins a generation, with the old rows gone or kept, and the next sync goes on from there",
        arguments: [
            (SyncMode.incrementalAppend, 2, 5), (.incrementalAppendDeduped, 2, 3), (.fullRefreshAppend, 4, 5),
        ])
    func refresh(mode: SyncMode, truncated: Int, merged: Int) async throws {
        for (refresh, rows) in [(Refresh.truncate, 2), (.merge, mode == .fullRefreshAppend ? 5 : merged)] {
            try await withSync(Self.source) { fixture in
                let stream = ConfiguredStream(name: "t", syncMode: mode, cursorField: "at")
                #expect(try await run(fixture, stream).generation == 1)
                try await fixture.source.execute("delete from t where id = 1")
                let result = try await run(fixture, stream, refresh)
                #expect(result.generation == 2 && result.rowsRead == 2)
                #expect(try await fixture.count("landing.t") == rows)
                let verified = try await Sync(fixture.definition([stream])).verify()
                #expect(verified.isEqual, "\(verified)")
                let next = try await run(fixture, stream)
                #expect(next.generation == 2)
                #expect(next.rowsCommitted == (mode == .incrementalAppend ? 0 : mode == .fullRefreshAppend ? 2 : 1))
            }
        }
    }

    @Test("clearing empties the table and forgets the cursor; views on the table stay; the next sync reads everything")
    func clear() async throws {
        try await withSync(Self.source) { fixture in
            let stream = ConfiguredStream(name: "t", syncMode: .incrementalAppend, cursorField: "at")
            _ = try await run(fixture, stream)
            try await fixture.warehouse.execute("create view v as select * from landing.t")
            let cleared = try await Sync(fixture.definition([stream])).clear()
            #expect(cleared.map(\.rows) == [3])
            #expect(try await fixture.count("v") == 0)
            #expect(try await run(fixture, stream).rowsCommitted == 3)
            #expect(try await fixture.count("v where _airbyte_generation_id = 2 or true") == 3)
        }
    }

    @Test("only the streams that are named are moved; a name that there is not is an error")
    func chosenStreams() async throws {
        try await withSync("create table a as select 1 as x; create table b as select 2 as x") { fixture in
            let definition = fixture.definition(["a", "b"].map { ConfiguredStream(name: $0) })
            var options = SyncOptions()
            options.streams = ["b"]
            let result = try await Sync(definition, options: options).run()
            #expect(result.streams.map(\.name) == ["b"])
            #expect(try await fixture.text("select to_regclass('landing.a')::text") == nil)
            options.streams = ["c"]
            await #expect(throws: IngestError.self) { try await Sync(definition, options: options).run() }
        }
    }

    @Test(
        "rows that are committed late come by the look-back, and none is there twice",
        arguments: [SyncMode.incrementalAppend, .incrementalAppendDeduped])
    func lookBack(mode: SyncMode) async throws {
        try await withSync(
            """
            create table t (id int, at timestamptz, n int, d date);
            insert into t select i, '2024-01-01 00:00:00Z'::timestamptz + i * interval '1 minute', i, date '2024-01-01' + i
            from generate_series(1, 100) i; insert into t select * from t where id = 100
            """
        ) { fixture in
            for (cursor, lookBack) in [("at", LookBack.seconds(600)), ("n", .units(10)), ("d", .seconds(864_000))] {
                var stream = ConfiguredStream(
                    name: "t", syncMode: mode, cursorField: cursor, primaryKey: ["id"], lookBack: lookBack)
                _ = try await run(fixture, stream, .truncate)
                let before = try await fixture.count("landing.t")
                try await fixture.source.execute(
                    "insert into t select id + 1000, at, n, d from t where id in (85, 95)")
                let result = try await run(fixture, stream)
                #expect(result.rowsRead == 13)
                #expect(try await fixture.count("landing.t") == before + 1)
                #expect(try await run(fixture, stream).rowsRead == 13)
                #expect(try await fixture.count("landing.t") == before + 1)
                try await fixture.source.execute("delete from t where id > 1000")
                stream.lookBack = cursor == "n" ? .seconds(5) : .units(5)
                let error = await #expect(throws: IngestError.self) { try await run(fixture, stream) }
                #expect(error?.message.contains("look_back") == true)
            }
        }
    }

    @Test("selected fields, new names, digests and filters are done by the source, and verify looks through them")
    func mappings() async throws {
        try await withSync(
            """
            create table t (id int primary key, email text, "full name" text, country text, secret text, at int);
            insert into t values (1, 'a@x', 'A', 'DE', 's', 1), (2, null, 'B', 'DE', 's', 2), (3, 'c@x', 'C', 'FR', 's', 3), (4, 'd@x', 'D', null, 's', 4)
            """
        ) { fixture in
            let stream = ConfiguredStream(
                name: "t", syncMode: .incrementalAppendDeduped, cursorField: "at",
                selectedFields: ["id", "email", "full name", "at"],
                mappings: [
                    .hash(field: "email", .sha256), .rename(field: "full name", to: "name"), .rename(field: "id", to: "key"),
                    .filter(.compare(column: "country", .equals, value: "DE")),
                ])
            #expect(try await run(fixture, stream).rowsRead == 2)
            let rows = try await fixture.text(
                "select string_agg(concat_ws(' ', key, name, left(email, 8)), ', ' order by key) from landing.t")
            #expect(rows == "1 A bd39e6fe, 2 B")
            #expect(
                try await fixture.count(
                    "landing.t where email = encode(sha256('a@x'), 'hex') and _airbyte_raw_id is not null") == 1)
            let verified = try await Sync(fixture.definition([stream])).verify()
            #expect(verified.isEqual && verified.streams[0].sourceRows == 2)
            try await fixture.source.execute("update t set \"full name\" = 'AA', at = 9 where id = 1")
            #expect(try await run(fixture, stream).rowsCommitted == 2)
            #expect(try await fixture.text("select name from landing.t where key = 1") == "AA")
        }
    }

    @Test("filters mean what they say, also for nulls, numbers and values with SQL in them")
    func filters() async throws {
        try await withSync(
            "create table t (id int, v numeric, s text); insert into t values (1, 5, 'x'), (2, 10, ''' or true --'), (3, null, null)"
        ) { fixture in
            let cases: [(RowFilter, String)] = [
                (.compare(column: "v", .greaterThan, value: "9"), "2"), (.compare(column: "v", .notEquals, value: "5"), "2,3"),
                (.compare(column: "s", .equals, value: "' or true --"), "2"), (.isNull(column: "v"), "3"),
                (.not(.compare(column: "v", .lessOrEqual, value: "5")), "2,3"),
                (.any([.compare(column: "id", .equals, value: "1"), .isNull(column: "s")]), "1,3"),
                (
                    .all([.compare(column: "id", .lessThan, value: "3"), .compare(column: "v", .greaterOrEqual, value: "10")]),
                    "2"
                ),
            ]
            for (filter, ids) in cases {
                _ = try await run(fixture, ConfiguredStream(name: "t", mappings: [.filter(filter)]))
                #expect(try await fixture.text("select string_agg(id::text, ',' order by id) from landing.t") == ids)
            }
        }
    }

    @Test("fields that are not there, taken twice, or needed but not selected are errors that name them")
    func wrongFields() async throws {
        try await withSync(Self.source) { fixture in
            let cases: [(ConfiguredStream, String)] = [
                (ConfiguredStream(name: "t", selectedFields: ["idd"]), "the selected field 'idd' is not a column"),
                (ConfiguredStream(name: "t", mappings: [.rename(field: "id", to: "at")]), "both called 'at'"),
                (ConfiguredStream(name: "t", mappings: [.rename(field: "id", to: "_airbyte_meta")]), "needs itself"),
                (ConfiguredStream(name: "t", mappings: [.filter(.isNull(column: "no"))]), "the filtered field 'no'"),
                (
                    ConfiguredStream(name: "t", syncMode: .incrementalAppend, cursorField: "at", selectedFields: ["id"]),
                    "the cursor_field 'at' of 'public.t' is not among its selected_fields"
                ),
                (
                    ConfiguredStream(
                        name: "t", syncMode: .incrementalAppend, cursorField: "at", mappings: [.hash(field: "at", .md5)]),
                    "is hashed"
                ),
            ]
            for (stream, words) in cases {
                let error = await #expect(throws: IngestError.self) { try await run(fixture, stream) }
                #expect(error?.message.contains(words) == true, "\(error?.message ?? "no error")")
            }
        }
    }
}

import Ingest
import Postgres
import Records
import Testing

@Suite("Incremental and deduplicating modes")
struct IncrementalTests {
    private func stream(_ mode: SyncMode, cursor: String? = "at", key: [String]? = nil) -> ConfiguredStream {
        ConfiguredStream(name: "t", syncMode: mode, cursorField: cursor, primaryKey: key)
    }

    @Test("appending reads from the cursor on; rows that share its value or come late with it are there once")
    func append() async throws {
        try await withSync(
            """
            create table t (id int, at timestamptz);
            insert into t values (1, '2024-01-01'), (2, '2024-01-02'), (2, '2024-01-02'), (3, null)
            """
        ) { fixture in
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 4)
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 0)
            try await fixture.source.execute(
                "insert into t values (2, '2024-01-02'), (4, '2024-01-02'), (5, '2024-01-03 00:00:00.000001')")
            let result = try await fixture.sync(stream(.incrementalAppend))
            #expect(result.rowsRead == 5 && result.rowsCommitted == 3)
            #expect(result.streams[0].generation == 1)
            #expect(
                try await fixture.content(of: "landing.t", on: fixture.warehouse)
                    == fixture.content(of: "public.t", on: fixture.source))
            #expect(
                try await fixture.text("select state ->> 'cursor' from leat_internal.stream_states")
                    == "2024-01-03 00:00:00.000001+00")
        }
    }

    @Test("numbers as cursor are ordered as numbers")
    func numericCursor() async throws {
        try await withSync("create table t as select i as id, i as at from generate_series(1, 105) i") { fixture in
            try await fixture.sync(stream(.incrementalAppend))
            #expect(try await fixture.text("select state ->> 'cursor' from leat_internal.stream_states") == "105")
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 0)
            #expect(try await fixture.count("landing.t") == 105)
        }
    }

    @Test("deduplicating replaces the row with the same key and keeps the latest")
    func deduped() async throws {
        try await withSync(
            """
            create table t (id int, part text, at int, v text);
            insert into t values (1, 'a', 1, 'old'), (1, 'a', 2, 'new'), (1, 'b', 1, 'other'), (2, null, 1, 'n'), (2, null, 1, 'n')
            """
        ) { fixture in
            let stream = stream(.incrementalAppendDeduped, key: ["id", "part"])
            let first = try await fixture.sync(stream)
            #expect(first.rowsRead == 5 && first.rowsCommitted == 4)
            try await fixture.source.execute(
                "insert into t values (1, 'b', 9, 'changed'), (3, 'c', 9, 'x'); update t set v = 'newer' where at = 2")
            let second = try await fixture.sync(stream)
            #expect(second.streams[0].publication == "merged")
            #expect(
                try await fixture.text("select string_agg(v, ',' order by id, part) from landing.t where part is not null")
                    == "newer,changed,x")
        }
    }

    @Test("overwriting with deduplication leaves one row per key")
    func overwriteDeduped() async throws {
        try await withSync("create table t (id int primary key, v int); insert into t select i, i from generate_series(1, 10) i")
        {
            fixture in
            let stream = ConfiguredStream(name: "t", syncMode: .fullRefreshOverwriteDeduped, cursorField: "v", primaryKey: ["id"])
            for _ in 1...2 {
                let result = try await fixture.sync(stream)
                #expect(result.rowsCommitted == 10)
            }
            #expect(try await fixture.count("landing.t") == 10)
        }
    }

    @Test("appending a full refresh keeps what was there, in the same generation")
    func fullAppend() async throws {
        try await withSync("create table t as select 1 as id") { fixture in
            try await fixture.sync(stream(.fullRefreshAppend, cursor: nil))
            try await fixture.source.execute("alter table t add column more text default 'x'")
            let result = try await fixture.sync(stream(.fullRefreshAppend, cursor: nil))
            #expect(result.streams[0].publication == "appended" && result.streams[0].generation == 1)
            #expect(try await fixture.text("select count(*) || ' ' || count(more) from landing.t") == "2 1")
            try await fixture.source.execute("alter table t alter id type date using date '2024-01-01' + id")
            let error = await #expect(throws: (any Error).self) {
                try await fixture.sync(stream(.fullRefreshAppend, cursor: nil))
            }
            #expect(error.map { "\($0)".contains("the column 'id' of landing.t is integer, and date in the source now") } == true)
        }
    }

    @Test("a cursor of text is compared alike on both sides, whatever their collations")
    func textCursor() async throws {
        try await withSync("create table t (at text); insert into t values ('B'), ('a'), ('Z')") { fixture in
            try await fixture.sync(stream(.incrementalAppend))
            try await fixture.source.execute("insert into t values ('b')")
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 1)
        }
    }

    @Test(
        "cursors of each type that grows: what is new, and what shares the last value, is there once",
        arguments: [
            "date '2024-01-01' + i", "timestamp '2024-01-01' + i * interval '1 microsecond'", "i / 3.0",
            "('018f0000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid",
        ])
    func cursorTypes(value: String) async throws {
        try await withSync("create table t as select i as id, \(value) as at from generate_series(1, 5) i") { fixture in
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 5)
            try await fixture.source.execute("insert into t select i + 100, \(value) from generate_series(5, 8) i")
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 4)
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 0)
            #expect(try await fixture.count("landing.t") == 9)
        }
    }

    @Test("another cursor field throws no row away that the source has no longer: without a key it is refused until a refresh")
    func otherCursor() async throws {
        let table =
            "create table t as select i as at, 10 - i as other from generate_series(1, 5) i; alter table t add primary key (at)"
        try await withSync(table) { fixture in
            let refused = stream(.incrementalAppend, cursor: "other")
            try await fixture.sync(stream(.incrementalAppend))
            try await fixture.source.execute("delete from t where at = 1")
            let error = await #expect(throws: (any Error).self) { try await fixture.sync(refused) }
            #expect(error.map { "\($0)" }?.contains("the cursor field was 'at'") == true, "\(error as Any)")
            #expect(try await fixture.count("landing.t") == 5)
        }
        try await withSync(table) { fixture in
            try await fixture.sync(stream(.incrementalAppendDeduped))
            try await fixture.source.execute("delete from t where at = 1")
            let changed = try await fixture.sync(stream(.incrementalAppendDeduped, cursor: "other"))
            #expect(changed.rowsCommitted == 4)
            #expect(changed.streams[0].notes.first?.contains("read from the start") == true)
            #expect(try await fixture.count("landing.t") == 5)
            try await fixture.source.execute("insert into t values (9, 99)")
            try await fixture.sync(stream(.incrementalAppendDeduped, cursor: "other"))
            #expect(try await fixture.count("landing.t") == 6)
        }
    }

    @Test("a table that was dropped is filled from the start")
    func restarts() async throws {
        try await withSync("create table t as select i as at from generate_series(1, 5) i") { fixture in
            try await fixture.sync(stream(.incrementalAppend))
            try await fixture.warehouse.execute("drop table landing.t")
            #expect(try await fixture.sync(stream(.incrementalAppend)).rowsCommitted == 5)
        }
    }
}

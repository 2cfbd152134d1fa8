import Connectors
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Streams in parts")
struct PartsTests {
    private static let rows = 20_000
    private static let source = """
        create table t (id int primary key, version int, filler text);
        insert into t select i, 0, repeat('x', 200) from generate_series(1, \(rows)) i
        """

    private func sync(
        _ fixture: SyncFixture, _ stream: ConfiguredStream = ConfiguredStream(name: "t"), parallel: Int = 3,
        partSize: Int? = 256 << 10
    ) -> Sync {
        var definition = fixture.definition([stream])
        definition.partSize = partSize
        return Sync(definition, options: SyncOptions(parallelStreams: parallel, progressInterval: .zero))
    }

    /// Cancels a sync once it has moved about half of the rows.
    private func interrupt(_ sync: Sync) async throws {
        let running = Recorder<Task<SyncResult, any Error>>()
        let task = Task {
            try await sync.run { news in
                if news.phase == .copying, news.rows > Self.rows / 2 { running.all.first?.cancel() }
            }
        }
        running.add(task)
        await #expect(throws: (any Error).self) { try await task.value }
    }

    /// Waits until no transaction of another test on the server is older than the rows: they would count as changed.
    private func settle(_ fixture: SyncFixture) async throws {
        let isSettled = """
            select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > (select max(xmin::text::bigint) from t)
            """
        while try await fixture.source.execute(isSettled).scalar?.bool != true { try await Task.sleep(for: .milliseconds(20)) }
    }

    private func expectEqual(_ fixture: SyncFixture) async throws {
        let wanted = try await fixture.content(of: "public.t", on: fixture.source)
        let found = try await fixture.content(of: "landing.t", on: fixture.warehouse)
        #expect(wanted == found, "\(wanted.count) rows in the source, \(found.count) in the table")
        #expect(try await fixture.leftovers().isEmpty)
        #expect(try await fixture.count("leat_internal.stream_parts") == 0)
    }

    @Test("a table is moved in parts by several workers, at one instant, while its rows change")
    func parallel() async throws {
        try await withSync(Self.source) { fixture in
            for _ in 1...2 {
                let writer = Task {
                    while !Task.isCancelled {
                        try await fixture.source.execute("update t set version = version + 1 where id % 10 = 0")
                    }
                }
                let result = try await sync(fixture).run().streams[0]
                writer.cancel()
                _ = try? await writer.value
                #expect(result.parts > 10 && result.rowsRead == Self.rows && result.rowsCommitted == Self.rows)
                let versions = try await fixture.text("select count(distinct version)::text from landing.t where id % 10 = 0")
                #expect(versions == "1")
                #expect(try await fixture.count("(select distinct id, _airbyte_raw_id from landing.t) x") == Self.rows)
            }
            _ = try await sync(fixture).run()
            try await expectEqual(fixture)
        }
    }

    @Test("a sync that was interrupted goes on with the parts that are missing")
    func resumes() async throws {
        try await withSync(Self.source) { fixture in
            for mode in [
                SyncMode.fullRefreshOverwrite, .fullRefreshOverwriteDeduped, .incrementalAppendDeduped, .incrementalAppend,
            ] {
                let stream = ConfiguredStream(name: "t", syncMode: mode, cursorField: "id")
                try await settle(fixture)
                try await interrupt(sync(fixture, stream, parallel: 1))
                let result = try await sync(fixture, stream, parallel: 2).run().streams[0]
                #expect(result.rowsRead > 0 && result.rowsRead < Self.rows)
                #expect(result.rowsCommitted == Self.rows)
                #expect(result.notes.contains { $0.contains("parts had not changed since a sync that did not come to its end") })
                try await expectEqual(fixture)
                if mode.isIncremental { #expect(try await sync(fixture, stream).run().rowsRead == 1) }
                try await fixture.warehouse.execute("drop table landing.t; delete from leat_internal.stream_states")
            }
        }
    }

    /// What may happen between two attempts, and whether any part is still as it was.
    static let changes: [(String, keepsParts: Bool)] = [
        ("update t set version = 1 where id = 1", true), ("delete from t where id = 1", true),
        ("insert into t select 100000 + i, 1, repeat('y', 200) from generate_series(1, 5000) i", true),
        ("delete from t where id = 1; insert into t values (1, 1, 'again')", true),
        ("delete from t where id < 5000; vacuum t; insert into t select i, 2, 'z' from generate_series(1, 4999) i", true),
        ("delete from t where id = 1; vacuum full t", false),
        ("truncate t; insert into t select i, 3, 'w' from generate_series(1, 40000) i", false),
        (
            "alter table t add column more int default 5; alter table t drop column more; alter table t add column more int default 6",
            false
        ),
        ("alter table t alter version type bigint", false), ("begin; update t set version = 9; rollback", true),
        (
            "create table t2 (like t including all); insert into t2 select * from t where id % 2 = 0; drop table t; alter table t2 rename to t",
            false
        ),
    ]

    @Test("what changed in the source meanwhile is read again, whatever it was", arguments: changes)
    func changedMeanwhile(change: String, keepsParts: Bool) async throws {
        try await withSync(Self.source) { fixture in
            try await settle(fixture)
            try await interrupt(sync(fixture, parallel: 1))
            for statement in change.split(separator: "; ") { try await fixture.source.execute(String(statement)) }
            let result = try await sync(fixture, parallel: 2, partSize: 256 << 10).run().streams[0]
            let isKept = result.notes.contains { $0.contains("were not read again") }
            #expect(isKept == keepsParts)
            try await expectEqual(fixture)
        }
    }

    @Test("rows of a transaction, and of its savepoints, that was under way when a part was read are not missed")
    func runningTransaction() async throws {
        try await withSync(Self.source) { fixture in
            for sql in ["delete from t where id <= 1000", "vacuum t"] { try await fixture.source.execute(sql) }
            let other = try await fixture.sourceDatabase.connect()
            try await other.execute(
                "begin; insert into t values (1, 7, 'early'); savepoint s; insert into t values (2, 7, 'early')")
            try await interrupt(sync(fixture, parallel: 1))
            try await other.execute("commit")
            // As many are gone from these pages as have come.
            try await fixture.source.execute("delete from t where id in (1001, 1002)")
            _ = try await sync(fixture).run()
            try await expectEqual(fixture)
            #expect(try await fixture.count("landing.t where id in (1, 2)") == 2)
            await other.close()
        }
    }

    @Test("other settings, clearing, and a stream that is moved whole take away what an interrupted sync left")
    func leftOvers() async throws {
        try await withSync(Self.source) { fixture in
            try await interrupt(sync(fixture, parallel: 1))
            #expect(try await fixture.leftovers().count == 1)
            let selected = ConfiguredStream(name: "t", selectedFields: ["id", "version"])
            #expect(try await sync(fixture, selected).run().rowsRead == Self.rows)
            #expect(try await fixture.leftovers().isEmpty)
            try await interrupt(sync(fixture, parallel: 1))
            #expect(try await sync(fixture, partSize: nil).run().rowsRead == Self.rows)
            try await expectEqual(fixture)
            try await interrupt(sync(fixture, parallel: 1))
            _ = try await sync(fixture).clear()
            #expect(try await fixture.leftovers().isEmpty)
        }
    }
}

import Connectors
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Long increments")
struct RangesTests {
    private static let rows = 30_000

    private func definition(_ fixture: SyncFixture, _ mode: SyncMode, lookBack: LookBack? = nil) -> ConnectionDefinition {
        var definition = fixture.definition([
            ConfiguredStream(name: "t", syncMode: mode, cursorField: "at", primaryKey: ["id"], lookBack: lookBack)
        ])
        definition.partSize = 256 << 10
        definition.retries = .never
        return definition
    }

    /// One row, and then many that share their times by tens.
    private func prepare(_ fixture: SyncFixture, _ definition: ConnectionDefinition) async throws {
        try await fixture.source.execute(
            "create table t (id int, at timestamptz, filler text); insert into t values (0, '2024-01-01', 'first')")
        _ = try await Sync(definition).run()
        try await fixture.source.execute(
            """
            insert into t select i, timestamptz '2024-01-01' + (i / 10) * interval '1 second', repeat('x', 200)
            from generate_series(1, \(Self.rows)) i;
            analyze t
            """)
    }

    private func expectEqual(_ fixture: SyncFixture, _ definition: ConnectionDefinition) async throws {
        let wanted = try await fixture.content(of: "public.t", on: fixture.source)
        let found = try await fixture.content(of: "landing.t", on: fixture.warehouse)
        let isSame = wanted == found
        #expect(isSame, "\(wanted.count) rows in the source, \(found.count) in the table")
        #expect(try await fixture.leftovers().isEmpty)
        #expect(try await Sync(definition).verify().isEqual)
    }

    @Test(
        "an increment that is interrupted goes on from the range that was committed last; no row is lost or doubled",
        arguments: [SyncMode.incrementalAppend, .incrementalAppendDeduped])
    func goesOn(mode: SyncMode) async throws {
        try await withSync { fixture in
            let definition = definition(fixture, mode)
            try await prepare(fixture, definition)
            let running = Recorder<Task<SyncResult, any Error>>()
            let options = SyncOptions(progressInterval: .zero)
            let task = Task {
                try await Sync(definition, options: options).run { news in
                    if news.phase == .committing, news.rows > Self.rows / 2 { running.all.first?.cancel() }
                }
            }
            running.add(task)
            await #expect(throws: (any Error).self) { try await task.value }
            let kept = try await fixture.count("landing.t")
            #expect(kept > Self.rows / 4 && kept < Self.rows)
            // What comes in between belongs to the rest.
            try await fixture.source.execute("insert into t select -1, max(at), 'late' from t")
            let rest = try await Sync(definition).run().streams[0]
            #expect(rest.parts > 1 && rest.rowsRead < Self.rows * 3 / 4)
            try await expectEqual(fixture, definition)
        }
    }

    @Test("rows at the last cursor and within the look-back are not doubled where the increment is cut")
    func lookBack() async throws {
        try await withSync { fixture in
            let definition = definition(fixture, .incrementalAppend, lookBack: .seconds(1000))
            try await prepare(fixture, definition)
            #expect(try await Sync(definition).run().streams[0].parts > 10)
            // Late rows, before and at the cursor.
            try await fixture.source.execute(
                """
                insert into t select -1, max(at) - interval '500 seconds', 'late' from t;
                insert into t select -2, max(at), 'late' from t;
                insert into t select i, (select max(at) from t) + i * interval '1 second', repeat('y', 200)
                from generate_series(1, \(Self.rows)) i;
                analyze t
                """)
            let result = try await Sync(definition).run().streams[0]
            #expect(result.parts > 10 && result.rowsCommitted == Self.rows + 2)
            try await expectEqual(fixture, definition)
        }
    }

    @Test("an increment that is short is one transaction")
    func short() async throws {
        try await withSync { fixture in
            let definition = definition(fixture, .incrementalAppend)
            try await prepare(fixture, definition)
            _ = try await Sync(definition).run()
            try await fixture.source.execute("insert into t select -1, max(at) + interval '1 day', 'more' from t")
            let result = try await Sync(definition).run().streams[0]
            #expect(result.parts == 1 && result.rowsCommitted == 1)
        }
    }
}

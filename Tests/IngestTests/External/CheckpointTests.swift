import Connectors
import Documents
import Foundation
import Ingest
import Postgres
import Records
import Testing

@Suite("Checkpoints of programs")
struct CheckpointTests {
    private static let things: JSON = [
        [
            "name": "things", "supported_sync_modes": ["full_refresh", "incremental"], "source_defined_cursor": true,
            "source_defined_primary_key": [["id"]],
            "json_schema": [
                "type": "object", "properties": ["id": ["type": "integer"], "text": ["type": ["null", "string"]]],
            ],
        ]
    ]

    private func record(_ id: Int) -> String { FakeConnector.record(#"{"id":\#(id),"text":"row \#(id)"}"#) + "\n" }
    private func state(_ at: Int) -> String { FakeConnector.state(#"{"at":\#(at)}"#) + "\n" }

    private func definition(
        _ fixture: SyncFixture, _ fake: FakeConnector, _ mode: SyncMode, partSize: Int? = 1,
        mappings: [StreamMapping] = [.hash(field: "text", .sha256)], destination: JSON = [:]
    ) -> ConnectionDefinition {
        var definition = fixture.definition(
            exec: ["/bin/sh", fake.path], config: ["token": "good"],
            [ConfiguredStream(name: "things", syncMode: mode, mappings: mappings)])
        definition.partSize = partSize
        definition.destination.config = definition.destination.config.merging(destination)
        return definition
    }

    private func ids(_ fixture: SyncFixture, _ table: String = "landing.things") async throws -> String? {
        try await fixture.text("select string_agg(id::text, ',' order by id) from \(table)")
    }

    @Test(
        "what came before a state is committed with it, and a sync that fails goes on from there",
        arguments: [SyncMode.incrementalAppend, .incrementalAppendDeduped], [true, false])
    func goesOn(mode: SyncMode, isMapped: Bool) async throws {
        let fake = try FakeConnector(
            catalog: Self.things, read: record(1) + state(1) + record(2) + state(2) + record(3) + "echo broken >&2; exit 1")
        defer { fake.remove() }
        try await withSync { fixture in
            let definition = definition(fixture, fake, mode, mappings: isMapped ? [.hash(field: "text", .sha256)] : [])
            for round in 1...2 {
                let error = await #expect(throws: ConnectorError.self) { try await Sync(definition).run() }
                #expect(error.map { "\($0)".contains("broken") } == true)
                #expect(try await ids(fixture) == (round == 1 ? "1,2" : "1,2,3"))
                #expect(try await fixture.leftovers().isEmpty)
                try fake.setRead(record(3) + state(3) + record(4) + "echo broken >&2; exit 1")
                if round == 1 { continue }
                #expect(try JSON(parsing: try fake.seen("state"))[0]?["stream"]?["stream_state"] == ["at": 2])
            }
            try fake.setRead(record(4) + state(4) + record(5))
            let result = try await Sync(definition).run().streams[0]
            #expect(try JSON(parsing: try fake.seen("state"))[0]?["stream"]?["stream_state"] == ["at": 3])
            #expect(result.rowsRead == 2 && result.rowsCommitted == 2 && result.parts == 2 && result.generation == 1)
            #expect(try await ids(fixture) == "1,2,3,4,5")
            #expect(try await fixture.count("landing.things where _airbyte_meta -> 'changes' = '[]'") == 5)
            let text = isMapped ? "encode(sha256(('row ' || id)::bytea), 'hex')" : "'row ' || id"
            #expect(try await fixture.count("landing.things where text = \(text)") == 5)
            let kept = try await fixture.text(
                "select state -> 'source_state' #>> '{stream,stream_state,at}' from leat_internal.stream_states")
            #expect(kept == "4")
        }
    }

    @Test("raw tables have checkpoints too; small ones wait for more, and what replaces a table is never seen in half")
    func others() async throws {
        let fake = try FakeConnector(catalog: Self.things, read: record(1) + state(1) + record(2) + "exit 1")
        defer { fake.remove() }
        try await withSync { fixture in
            for (mode, partSize) in [(SyncMode.fullRefreshOverwrite, 1), (.incrementalAppend, 1 << 20)] {
                await #expect(throws: ConnectorError.self) {
                    try await Sync(definition(fixture, fake, mode, partSize: partSize)).run()
                }
                #expect(try await fixture.text("select to_regclass('landing.things')::text") == nil)
            }
            let raw = definition(
                fixture, fake, .incrementalAppend, destination: ["raw_data_schema": "raws", "disable_type_dedupe": true])
            await #expect(throws: ConnectorError.self) { try await Sync(raw).run() }
            let table = try #require(
                try await fixture.text(
                    "select format('raws.%I', relname) from pg_class where relnamespace = 'raws'::regnamespace and relkind = 'r'")
            )
            #expect(try await fixture.text("select string_agg(_airbyte_data ->> 'id', ',') from \(table)") == "1")
            // A refresh keeps the old rows until all of the new ones are there.
            try fake.setRead(record(1) + record(2) + state(2))
            let appended = definition(fixture, fake, .incrementalAppend)
            #expect(try await Sync(appended).run().rowsCommitted == 2)
            try fake.setRead(record(7) + state(7) + record(8) + "exit 1")
            var options = SyncOptions()
            options.refresh = .truncate
            await #expect(throws: ConnectorError.self) { try await Sync(appended, options: options).run() }
            #expect(try await ids(fixture) == "1,2")
        }
    }

    @Test("a table that is dropped between two checkpoints is not taken for a whole one")
    func dropped() async throws {
        let fake = try FakeConnector(
            catalog: Self.things,
            read: record(1) + state(1) + "while [ ! -e \"$here/go\" ]; do sleep 0.05; done\n" + record(2) + state(2) + record(3))
        defer { fake.remove() }
        try await withSync { fixture in
            let definition = definition(fixture, fake, .incrementalAppend)
            let sync = Task { try await Sync(definition).run() }
            while try await fixture.text("select to_regclass('landing.things')::text") == nil {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await fixture.warehouse.execute("drop table landing.things")
            try Data().write(to: fake.folder.appending(path: "go"))
            await #expect(throws: ConnectorError.self) { try await sync.value }
            #expect(try await Sync(definition).run().rowsCommitted == 3)
            #expect(try await ids(fixture) == "1,2,3")
        }
    }
}

import Connectors
import Documents
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Raw tables")
struct RawTableTests {
    private func definition(
        _ fixture: SyncFixture, _ stream: ConfiguredStream, more: JSON = [:]
    ) -> ConnectionDefinition {
        fixture.definition([stream], destination: (["disable_type_dedupe": true] as JSON).merging(more))
    }

    @Test(
        "a record is a document, laid out and named as Airbyte has it",
        arguments: [SyncMode.fullRefreshOverwrite, .fullRefreshAppend])
    func layout(mode: SyncMode) async throws {
        try await withSync(
            """
            create table "or__ders" (id bigint primary key, price numeric(10,2), at timestamptz, doc jsonb, bin bytea, tags text[]);
            insert into "or__ders" values (1, 12.50, '2024-02-29 12:00:00.5+02', '{"a": [1]}', '\\x00ff', '{a,NULL}'), (2, 'NaN', null, null, null, null)
            """
        ) { fixture in
            let definition = definition(fixture, ConfiguredStream(name: "or__ders", syncMode: mode))
            #expect(
                try await Sync(definition).preview().streams[0].table.description
                    == "airbyte_internal.landing_raw___stream_or__ders")
            for round in 1...2 {
                let result = try await Sync(definition).run().streams[0]
                #expect(result.table == "airbyte_internal.landing_raw___stream_or__ders" && result.rowsCommitted == 2)
                let rows = mode == .fullRefreshAppend ? 2 * round : 2
                #expect(try await fixture.count("airbyte_internal.landing_raw___stream_or__ders") == rows)
            }
            let table = "airbyte_internal.landing_raw___stream_or__ders"
            let columns = try await fixture.text(
                "select string_agg(attname || ' ' || format_type(atttypid, null), ', ' order by attnum) from pg_attribute where attrelid = '\(table)'::regclass and attnum > 0"
            )
            #expect(
                columns
                    == "_airbyte_raw_id character varying, _airbyte_extracted_at timestamp with time zone, _airbyte_loaded_at timestamp with time zone, _airbyte_data jsonb, _airbyte_meta jsonb, _airbyte_generation_id bigint"
            )
            #expect(
                try await fixture.text("select _airbyte_data::text from \(table) where _airbyte_data ->> 'id' = '1' limit 1")
                    == #"{"at": "2024-02-29T10:00:00.5+00:00", "id": 1, "bin": "AP8=", "doc": {"a": [1]}, "tags": ["a", null], "price": 12.50}"#
            )
            #expect(
                try await fixture.text(
                    "select count(*)::text from \(table) where _airbyte_loaded_at is null and _airbyte_meta ? 'changes'") != "0")
            #expect(try await fixture.text("select to_regclass('landing.or__ders')::text") == nil)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test("increments add what is new, also at the last cursor; nothing is deduplicated; columns come and go")
    func increments() async throws {
        try await withSync(
            "create table t (id int primary key, at timestamptz, v text); insert into t values (1, '2024-01-01', 'a'), (2, '2024-01-02', 'b')"
        ) { fixture in
            let stream = ConfiguredStream(name: "t", syncMode: .incrementalAppendDeduped, cursorField: "at")
            let definition = definition(fixture, stream, more: ["raw_data_schema": "raw"])
            _ = try await Sync(definition).run()
            try await fixture.source.execute(
                "insert into t values (3, '2024-01-02', 'late'); update t set v = 'new', at = '2024-01-03' where id = 1; alter table t add extra int"
            )
            // The row at the cursor has one more member now, and so is another document.
            #expect(try await Sync(definition).run().streams[0].rowsCommitted == 3)
            #expect(try await Sync(definition).run().streams[0].rowsCommitted == 0)
            let rows = try await fixture.text(
                "select string_agg(concat(_airbyte_data ->> 'id', _airbyte_data ->> 'v'), ' ' order by _airbyte_data ->> 'at', _airbyte_data ->> 'id') from raw.landing_raw__stream_t"
            )
            #expect(rows == "1a 2b 2b 3late 1new")
            var options = SyncOptions()
            options.refresh = .truncate
            let refreshed = try await Sync(definition, options: options).run().streams[0]
            #expect(refreshed.rowsCommitted == 3 && refreshed.generation == 2)
            #expect(try await fixture.count("raw.landing_raw__stream_t") == 3)
            let error = await #expect(throws: ConnectorError.self) { try await Sync(definition).verify() }
            #expect(error?.message.contains("is a raw table, whose documents are not compared") == true)
            _ = try await Sync(definition).clear()
            #expect(try await fixture.count("raw.landing_raw__stream_t") == 0)
        }
    }
}

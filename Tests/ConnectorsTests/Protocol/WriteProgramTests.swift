import Connectors
import Documents
import Foundation
import Postgres
import TestSupport
import Testing

/// The cases that Airbyte's own tests of destinations name.
@Suite("Postgres as an Airbyte destination", .serialized)
struct WriteProgramTests {
    private struct Fixture {
        let run: ProgramRun
        let database: TestDatabase
        let connection: Connection

        /// Writes and expects success.
        func write(_ messages: JSON..., to streams: JSON...) async throws -> [JSON] {
            let (states, error) = try await run.write(messages, streams: streams, database.config(("schema", "out")))
            #expect(error == nil)
            return states
        }

        /// Writes and expects that a stream is not complete.
        func interrupted(_ messages: JSON..., to stream: JSON) async throws -> [JSON] {
            let (states, error) = try await run.write(messages, streams: [stream], database.config(("schema", "out")))
            #expect(error?.failureType == .transient && error?.message.contains("that it is complete") == true)
            return states
        }

        func rows(_ table: String = "out.things", _ columns: String = "id, name") async throws -> [String] {
            try await connection.execute("select row(\(columns))::text from \(table) order by 1").map { $0[0].string ?? "" }
        }

        func leftovers() async throws -> Int {
            try await connection.execute(
                "select count(*) from pg_class where relname like '\\_leat\\_%' and relname not like '\\_leat\\_key%'"
            )
            .scalar?.int ?? -1
        }
    }

    private func with(_ body: (Fixture) async throws -> Void) async throws {
        try await withScratch { scratch in
            try await withTestDatabase { database in
                try await body(
                    Fixture(run: ProgramRun(scratch: scratch), database: database, connection: try await database.connect()))
            }
        }
    }

    private func thing(_ id: Int, _ name: String, at: Int = 0) -> JSON {
        Say.record(["id": .int(id), "name": .string(name), "at": .int(at)])
    }

    @Test("a second sync appends, and states come back with their counts once the rows are there")
    func secondSync() async throws {
        try await with { fixture in
            let states = try await fixture.write(
                thing(1, "a"), thing(2, "b"), Say.state(2), thing(3, "c"), Say.state(3), Say.status(), to: Say.stream())
            #expect(states.map { $0["stream"]?["stream_state"]?["at"]?.int } == [2, 3])
            #expect(states.map { $0["destinationStats"]?["recordCount"]?.double } == [2, 1])
            _ = try await fixture.write(thing(1, "a"), Say.status(), to: Say.stream())
            #expect(try await fixture.rows() == ["(1,a)", "(1,a)", "(2,b)", "(3,c)"])
            let meta = try await fixture.connection.execute(
                """
                select _airbyte_extracted_at = timestamptz 'epoch' + interval '1700000000 s', _airbyte_meta::text,
                  _airbyte_generation_id, length(_airbyte_raw_id) from out.things limit 1
                """)
            #expect(meta.first?[0].bool == true && meta.first?[2].int == 1 && meta.first?[3].int == 36)
            #expect(meta.first?[1].string == #"{"changes": [], "sync_id": 42}"#)
        }
    }

    @Test("a schema that another session makes in the same moment is there, and no error")
    func schemaRace() async throws {
        try await with { fixture in
            // Ends once somebody waits for what it has made.
            try await fixture.connection.execute("begin; create schema out")
            async let other: Void = {
                try await fixture.connection.execute(
                    """
                    do $$ begin
                      while not exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid) loop
                        perform pg_sleep(0.01);
                      end loop;
                    end $$;
                    commit
                    """)
            }()
            _ = try await fixture.write(thing(1, "a"), Say.status(), to: Say.stream())
            try await other
            #expect(try await fixture.rows() == ["(1,a)"])
        }
    }

    @Test("a deduplicated stream holds the latest row of each key")
    func deduplicated() async throws {
        try await with { fixture in
            let stream = Say.stream("append_dedup")
            _ = try await fixture.write(
                thing(1, "old", at: 1), thing(1, "new", at: 2), thing(2, "x", at: 5), thing(1, "older", at: 0), Say.status(),
                to: stream)
            #expect(try await fixture.rows() == ["(1,new)", "(2,x)"])
            _ = try await fixture.write(
                thing(2, "late", at: 4), thing(1, "newest", at: 9), Say.state(1), Say.status(), to: stream)
            #expect(try await fixture.rows() == ["(1,newest)", "(2,x)"])
            #expect(try await fixture.leftovers() == 0)
        }
    }

    @Test("what its column cannot hold is null and noted; line breaks and unknown fields do no harm")
    func problematicTypes() async throws {
        try await with { fixture in
            let properties: JSON = [
                "id": ["type": "integer"], "name": ["type": ["null", "string"]], "at": ["type": "integer"],
                "day": ["type": "string", "format": "date"], "number": ["type": "number"], "flag": ["type": "boolean"],
                "doc": ["type": "object"], "moment": ["type": "string", "format": "date-time"],
                "select": ["type": "string"], "Ünïcode \"q\" x": ["type": "string"],
            ]
            _ = try await fixture.write(
                Say.record([
                    "id": 1, "name": "two\nlines\r\n\t\"q\" \\", "day": "2024-02-30", "number": "12x", "flag": "maybe",
                    "doc": ["a": [1, .null]], "moment": "2024-01-01T00:00:00Z", "select": "s", "Ünïcode \"q\" x": "u", "new": 1,
                ]), Say.record(["id": 2, "name": "nul\u{0}l", "number": "Infinity"]), Say.status(),
                to: Say.stream(properties: properties))
            let row = try await fixture.connection.execute(
                """
                select name = E'two\\nlines\\r\\n\\t"q" \\\\', day is null and number is null and flag is null, doc::text,
                  "select", "Ünïcode ""q"" x", (select string_agg(change ->> 'field' || ' ' || (change ->> 'change'), ', ')
                    from jsonb_array_elements(_airbyte_meta -> 'changes') change)
                from out.things where id = 1
                """)
            let values = row.first.map { row in (0..<row.count).map { row[$0].string } }
            #expect(values == ["t", "t", #"{"a": [1, null]}"#, "s", "u", "day NULLED, number NULLED, flag NULLED"])
            #expect(try await fixture.rows("out.things where id = 2", "name, number") == ["(null,Infinity)"])
        }
    }

    @Test("streams of one name in several namespaces go to their own schemas, also at once")
    func namespaces() async throws {
        try await with { fixture in
            _ = try await fixture.write(
                Say.record(["id": 1, "name": "a"], namespace: "one"), Say.record(["id": 1, "name": "b"], namespace: "Two \"2\""),
                Say.record(["id": 1, "name": "c"]), Say.status(namespace: "one"), Say.status(namespace: "Two \"2\""),
                Say.status(),
                to: Say.stream("append_dedup", namespace: "one"), Say.stream("append_dedup", namespace: "Two \"2\""),
                Say.stream("append_dedup"))
            #expect(try await fixture.rows("one.things") == ["(1,a)"])
            #expect(try await fixture.rows("\"Two \"\"2\"\"\".things") == ["(1,b)"])
            #expect(try await fixture.rows() == ["(1,c)"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for namespace in ["n1", "n2", "n3"] {
                    group.addTask {
                        _ = try await fixture.write(
                            Say.record(["id": 1, "name": .string(namespace)], namespace: namespace),
                            Say.status(namespace: namespace),
                            to: Say.stream("overwrite", namespace: namespace, minimum: 1))
                    }
                }
                try await group.waitForAll()
            }
            for namespace in ["n1", "n2", "n3"] { #expect(try await fixture.rows("\(namespace).things") == ["(1,\(namespace))"]) }
        }
    }

    @Test("new fields and wider types are taken over, with the rows that are there")
    func schemaChanges() async throws {
        try await with { fixture in
            _ = try await fixture.write(thing(1, "7"), Say.status(), to: Say.stream())
            let properties: JSON = [
                "id": ["type": "string"], "name": ["type": "integer"], "at": ["type": "number"], "more": ["type": "array"],
            ]
            _ = try await fixture.write(
                Say.record(["id": "x", "name": 8, "at": 1.5, "more": [1]]), Say.status(), to: Say.stream(properties: properties))
            #expect(try await fixture.rows("out.things", "id, name, at, more") == ["(1,7,0,)", "(x,8,1.5,[1])"])
        }
    }

    @Test("a refresh that merges keeps the old generation; one that truncates removes it at its end")
    func refreshes() async throws {
        try await with { fixture in
            for mode in ["append", "append_dedup"] {
                let table = "refresh_\(mode)"
                func stream(_ generation: Int, _ minimum: Int) -> JSON {
                    Say.stream(mode, name: table, generation: generation, minimum: minimum)
                }
                func record(_ id: Int, _ name: String) -> JSON {
                    Say.record(["id": .int(id), "name": .string(name)], stream: table)
                }
                _ = try await fixture.write(record(1, "a"), record(2, "b"), Say.status(stream: table), to: stream(1, 0))
                _ = try await fixture.write(record(2, "B"), Say.status(stream: table), to: stream(2, 0))
                #expect(
                    try await fixture.rows("out.\(table)", "id, name, _airbyte_generation_id")
                        == (mode == "append" ? ["(1,a,1)", "(2,B,2)", "(2,b,1)"] : ["(1,a,1)", "(2,B,2)"]))
                _ = try await fixture.write(record(3, "c"), record(3, "c2"), Say.status(stream: table), to: stream(3, 3))
                #expect(
                    try await fixture.rows("out.\(table)", "id, name, _airbyte_generation_id")
                        == (mode == "append" ? ["(3,c,3)", "(3,c2,3)"] : ["(3,c2,3)"]))
            }
            #expect(try await fixture.leftovers() == 0)
        }
    }

    @Test("a truncating refresh that is interrupted leaves the old rows, and goes on in the next attempt")
    func interruptedTruncate() async throws {
        try await with { fixture in
            _ = try await fixture.write(thing(1, "old"), Say.status(), to: Say.stream())
            let stream = Say.stream(generation: 2, minimum: 2)
            let states = try await fixture.interrupted(thing(2, "b"), Say.state(1), Say.status("INCOMPLETE"), to: stream)
            #expect(states.count == 1)
            #expect(try await fixture.rows() == ["(1,old)"])
            _ = try await fixture.interrupted(thing(3, "c"), Say.state(2), to: stream)
            #expect(try await fixture.rows() == ["(1,old)"])
            _ = try await fixture.write(thing(4, "d"), Say.status(), to: stream)
            #expect(try await fixture.rows() == ["(2,b)", "(3,c)", "(4,d)"])
            #expect(try await fixture.leftovers() == 0)
        }
    }

    @Test("an overwrite of what was never there appears when it is complete")
    func interruptedOverwrite() async throws {
        try await with { fixture in
            let stream = Say.stream("overwrite", generation: 1, minimum: 1)
            _ = try await fixture.interrupted(thing(1, "a"), Say.state(1), to: stream)
            #expect(try await fixture.connection.execute("select to_regclass('out.things')::text").scalar?.string == nil)
            _ = try await fixture.write(thing(2, "b"), Say.status(), to: stream)
            #expect(try await fixture.rows() == ["(1,a)", "(2,b)"])
        }
    }

    @Test("a truncating refresh that is given up loses nothing that was said to be safe")
    func cancelledTruncate() async throws {
        try await with { fixture in
            for mode in ["append", "append_dedup"] {
                let stream = { (generation: Int, minimum: Int) in
                    Say.stream(mode, namespace: mode, generation: generation, minimum: minimum)
                }
                let record = { (id: Int, name: String) in
                    Say.record(["id": .int(id), "name": .string(name)], namespace: mode)
                }
                _ = try await fixture.write(record(1, "old"), Say.status(namespace: mode), to: stream(1, 0))
                _ = try await fixture.interrupted(record(2, "b"), Say.state(1, namespace: mode), to: stream(2, 2))
                _ = try await fixture.write(record(3, "c"), Say.status(namespace: mode), to: stream(2, 0))
                #expect(try await fixture.rows("\(mode).things") == ["(1,old)", "(2,b)", "(3,c)"])
                // One of an older generation than the next is of no use any more.
                _ = try await fixture.interrupted(record(9, "gone"), to: stream(4, 4))
                _ = try await fixture.write(record(5, "e"), Say.status(namespace: mode), to: stream(5, 5))
                #expect(try await fixture.rows("\(mode).things") == ["(5,e)"])
            }
            #expect(try await fixture.leftovers() == 0)
        }
    }

    @Test("overwriting with nothing empties the table; a stream that says nothing replaces nothing")
    func empty() async throws {
        try await with { fixture in
            _ = try await fixture.write(thing(1, "a"), Say.status(), to: Say.stream())
            _ = try await fixture.interrupted(to: Say.stream("overwrite", generation: 2, minimum: 2))
            #expect(try await fixture.rows() == ["(1,a)"])
            _ = try await fixture.write(Say.status(), to: Say.stream("overwrite", generation: 2, minimum: 2))
            #expect(try await fixture.rows() == [])
        }
    }

    @Test("many streams and many rows, mixed, arrive whole")
    func many() async throws {
        try await with { fixture in
            let names = (1...60).map { "stream_\($0)" }
            var messages: [JSON] = []
            for round in 1...20 {
                for name in names {
                    for place in 1...5 {
                        messages.append(Say.record(["id": .int(round * 10 + place), "name": "x"], stream: name))
                    }
                }
                if round % 10 == 0 { messages += names.map { Say.state(round, stream: $0) } }
            }
            messages += names.map { Say.status(stream: $0) }
            let (states, error) = try await fixture.run.write(
                messages, streams: names.map { Say.stream("append_dedup", name: $0) }, fixture.database.config(("schema", "out")))
            #expect(error == nil)
            #expect(states.count == 120 && states.allSatisfy { $0["destinationStats"]?["recordCount"]?.double == 50 })
            for name in names { #expect(try await fixture.rows("out.\(name)", "count(*), count(distinct id)") == ["(100,100)"]) }
        }
    }

    @Test("what cannot be written is refused with a reason")
    func refused() async throws {
        try await with { fixture in
            let config = fixture.database.config(("schema", "out"))
            func message(_ messages: [JSON], _ streams: [JSON]) async throws -> String {
                try await fixture.run.write(messages, streams: streams, config).error?.message ?? ""
            }
            #expect(
                try await message([], [Say.stream(generation: 3, minimum: 2)]).contains("it must be 0 or its generation_id 3"))
            #expect(try await message([], [Say.stream("sideways")]).contains("destination_sync_mode 'sideways'"))
            #expect(try await message([], [Say.stream(), Say.stream()]).contains("names the stream things twice"))
            #expect(try await message([thing(1, "a")], [Say.stream(name: "others")]).contains("not in the catalog"))
            try await fixture.connection.execute("create table out.taken (a int)")
            #expect(try await message([], [Say.stream(name: "taken")]).contains("was not made by a sync"))
        }
    }

    @Test("where typing is switched off, records become documents of a raw table, also those with what jsonb does not take")
    func rawTables() async throws {
        try await with { fixture in
            let config = fixture.database.config(("schema", "out"), ("disable_type_dedupe", true))
            let zero = try JSON(parsing: #"{"id": 2, "name": "a\u0000b", "extra": 1}"#)
            for _ in 1...2 {
                let (states, error) = try await fixture.run.write(
                    [thing(1, "a"), Say.record(zero), Say.state(1), Say.status()], streams: [Say.stream("append_dedup")], config)
                #expect(error == nil && states.count == 1)
            }
            let table = "airbyte_internal.out_raw__stream_things"
            #expect(
                try await fixture.rows(table, "_airbyte_data::text, _airbyte_loaded_at, _airbyte_generation_id") == [
                    #"("{""at"": 0, ""id"": 1, ""name"": ""a""}",,1)"#, #"("{""at"": 0, ""id"": 1, ""name"": ""a""}",,1)"#,
                    #"("{""id"": 2, ""name"": null, ""extra"": 1}",,1)"#, #"("{""id"": 2, ""name"": null, ""extra"": 1}",,1)"#,
                ])
            #expect(
                try await fixture.rows(
                    "\(table) where _airbyte_data ->> 'id' = '2'", "_airbyte_meta -> 'changes' -> 0 ->> 'field'")
                    == ["(name)", "(name)"])
            let (_, error) = try await fixture.run.write(
                [thing(9, "z"), Say.status()], streams: [Say.stream("overwrite", generation: 2, minimum: 2)], config)
            #expect(error == nil)
            #expect(try await fixture.rows(table, "_airbyte_data ->> 'id'") == ["(9)"])
        }
    }
}

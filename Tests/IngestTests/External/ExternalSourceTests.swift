import Connectors
import Diagnostics
import Documents
import Foundation
import Ingest
import Postgres
import Records
import Testing

@Suite("External sources")
struct ExternalSourceTests {
    private static let things: JSON = [
        [
            "name": "things", "supported_sync_modes": ["full_refresh", "incremental"], "source_defined_cursor": true,
            "source_defined_primary_key": [["id"]],
            "json_schema": [
                "type": "object",
                "properties": [
                    "id": ["type": "integer"], "text": ["type": ["null", "string"]], "flag": ["type": "boolean"],
                    "number": ["type": "number"], "whole": ["type": "number", "airbyte_type": "integer"],
                    "day": ["type": "string", "format": "date"],
                    "at": ["type": "string", "format": "date-time", "airbyte_type": "timestamp_with_timezone"],
                    "local": ["type": "string", "format": "date-time", "airbyte_type": "timestamp_without_timezone"],
                    "clock": ["type": "string", "format": "time", "airbyte_type": "time_without_timezone"],
                    "zoned": ["type": "string", "format": "time", "airbyte_type": "time_with_timezone"],
                    "doc": ["type": "object"], "list": ["type": "array"],
                    "bytes": ["type": "string", "contentEncoding": "base64"],
                    "any": ["oneOf": [["type": "string"], ["type": "object"]]],
                ],
            ],
        ]
    ]

    private func withFake(_ read: String, _ body: (SyncFixture, FakeConnector) async throws -> Void) async throws {
        let fake = try FakeConnector(catalog: Self.things, read: read)
        defer { fake.remove() }
        try await withSync { fixture in try await body(fixture, fake) }
    }

    private func sync(_ fixture: SyncFixture, _ fake: FakeConnector, _ mode: SyncMode = .fullRefreshOverwrite) async throws
        -> SyncResult
    {
        try await Sync(
            fixture.definition(
                exec: ["/bin/sh", fake.path], config: ["token": "good secret"], [ConfiguredStream(name: "things", syncMode: mode)]
            )
        ).run()
    }

    @Test("values of every well-known type arrive as they are, with every digit")
    func types() async throws {
        let data = #"""
            {"id":1,"text":"caf\u00e9 \ud83d\ude00 \"q\" \\ \n","flag":true,"number":12345678901234567890123.000000000000000000012300,"whole":"9223372036854775807","day":"0044-03-15 BC","at":"2024-02-29T23:59:59.999999+05:30","local":"12024-01-01T00:00:00","clock":"24:00:00","zoned":"12:34:56.789-03:00","doc":{"b": 1.10, "a":[null,"x"]},"list":[1, 2.50],"bytes":"AP8=","any":"s","unknown":1}
            """#
        let read =
            FakeConnector.record(data) + "\n"
            + FakeConnector.record(#"{"id":2.0,"text":17,"number":"NaN","whole":-1e3,"any":{"k":1},"text2":null}"#) + "\n"
            + FakeConnector.record(
                #"{"id":3,"number":-0.00001,"day":"2000-01-01","at":"1999-12-31 00:00:00Z","clock":"00:00:00.5"}"#)
        try await withFake(read) { fixture, fake in
            let result = try await sync(fixture, fake)
            #expect(result.rowsCommitted == 3)
            let row = try await fixture.warehouse.execute(
                """
                select text, flag::text, number::text, whole::text, day::text, (at at time zone 'UTC')::text, local::text, clock::text,
                  zoned::text, doc::text, list::text, bytes::text, "any"::text from landing.things where id = 1
                """)
            let values = row.first.map { row in (0..<row.count).map { row[$0].string } }
            #expect(
                values == [
                    "café 😀 \"q\" \\ \n", "true", "12345678901234567890123.000000000000000000012300", "9223372036854775807",
                    "0044-03-15 BC", "2024-02-29 18:29:59.999999", "12024-01-01 00:00:00", "24:00:00", "12:34:56.789-03",
                    #"{"a": [null, "x"], "b": 1.10}"#, "[1, 2.50]", "\\x00ff", "\"s\"",
                ])
            #expect(
                try await fixture.text("select text || number || whole || (\"any\" ->> 'k') from landing.things where id = 2")
                    == "17NaN-10001")
            #expect(
                try await fixture.text("select number::text || day || clock from landing.things where id = 3")
                    == "-0.000012000-01-0100:00:00.5")
            #expect(try await fixture.count("landing.things where _airbyte_meta -> 'changes' = '[]'") == 3)
        }
    }

    @Test("what does not fit its column is null and noted, and the row is kept")
    func unfit() async throws {
        let data = #"""
            {"id":1,"text":"a\u0000b","flag":"maybe","number":"1,5","whole":1.5,"day":"2023-02-29","at":"yesterday","local":"2024-01-01T00:00:00+02:00","clock":"25:00","zoned":12,"doc":{"x":"\u0000"},"list":[NaN],"bytes":"***"}
            """#
        try await withFake(FakeConnector.record(data)) { fixture, fake in
            let result = try await sync(fixture, fake)
            #expect(result.rowsCommitted == 1)
            #expect(result.streams[0].notes.contains { $0.hasPrefix("12 values did not fit") }, "\(result.streams[0].notes)")
            #expect(try await fixture.text("select text from landing.things") == "ab")
            let changes = try JSON(parsing: try await fixture.text("select _airbyte_meta -> 'changes' from landing.things") ?? "")
            let fields = (changes.array ?? []).compactMap { $0["field"]?.string }
            #expect(
                fields == ["text", "flag", "number", "whole", "day", "at", "local", "clock", "zoned", "doc", "list", "bytes"])
            #expect(Set((changes.array ?? []).compactMap { $0["change"]?.string }) == ["NULLED", "TRUNCATED"])
            #expect(
                try await fixture.count(
                    "landing.things where num_nulls(flag, number, whole, day, at, local, clock, zoned, doc, list, bytes) = 11")
                    == 1)
        }
    }

    @Test("the state is kept with the rows and handed back; lines that are no messages are no harm")
    func state() async throws {
        let read = """
            echo 'starting up'; echo 'a warning' >&2; echo '{"not": "a message"}'
            echo '{"type":"LOG","log":{"level":"INFO","message":"hello"}}'
            echo '{"type":"TRACE","trace":{"type":"ESTIMATE","emitted_at":1795346440693.17,"estimate":{"name":"things","type":"STREAM"}}}'
            \(FakeConnector.record(#"{"id":1,"text":"one"}"#)); \(FakeConnector.state(#"{"at":1}"#))
            \(FakeConnector.record(#"{"id":2,"text":"two"}"#)); \(FakeConnector.state(#"{"at":2,"odd":[1.50,null]}"#))
            """
        try await withFake(read) { fixture, fake in
            #expect(try await sync(fixture, fake, .incrementalAppendDeduped).rowsCommitted == 2)
            #expect(throws: (any Error).self) { try fake.seen("state") }
            let catalog = try JSON(parsing: try fake.seen("catalog"))["streams"]?[0]
            #expect(catalog?["sync_mode"] == "incremental" && catalog?["destination_sync_mode"] == "append_dedup")
            #expect(catalog?["stream"]?["name"] == "things" && catalog?["primary_key"] == [["id"]])
            #expect(try fake.seen("config").contains("good secret"))
            #expect(try fake.seen("rights").hasPrefix("-rw-------"))
            for file in try fake.seen("files").split(whereSeparator: \.isWhitespace) {
                #expect(!FileManager.default.fileExists(atPath: String(file)), "\(file) was left")
            }

            try fake.setRead(FakeConnector.record(#"{"id":2,"text":"changed"}"#) + "\n" + FakeConnector.state(#"{"at":3}"#))
            #expect(try await sync(fixture, fake, .incrementalAppendDeduped).rowsCommitted == 1)
            let state = try JSON(parsing: try fake.seen("state"))
            #expect(state[0]?["type"] == "STREAM" && state[0]?["stream"]?["stream_state"] == ["at": 2, "odd": [1.5, nil]])
            #expect(try await fixture.text("select string_agg(text, ',' order by id) from landing.things") == "one,changed")

            // No state, no news: the next sync goes on from the old one.
            try fake.setRead("true")
            #expect(try await sync(fixture, fake, .incrementalAppendDeduped).rowsCommitted == 0)
            #expect(try await fixture.count("landing.things") == 2)
            try fake.setRead(FakeConnector.record(#"{"id":4}"#))
            _ = try await sync(fixture, fake, .incrementalAppendDeduped)
            #expect(try JSON(parsing: try fake.seen("state"))[0]?["stream"]?["stream_state"] == ["at": 3])
        }
    }

    @Test(
        "states of all kinds come back as they were sent",
        arguments: [
            (#"{"data":{"old":1}}"#, #"{"old":1}"#),
            (
                #"{"type":"GLOBAL","global":{"shared_state":{"lsn":5},"stream_states":[{"stream_descriptor":{"name":"things"},"stream_state":{"a":1}},{"stream_descriptor":{"name":"others"},"stream_state":{}}]}}"#,
                #"[{"type":"GLOBAL","global":{"shared_state":{"lsn":5},"stream_states":[{"stream_descriptor":{"name":"things"},"stream_state":{"a":1}}]}}]"#
            ),
        ])
    func stateKinds(sent: String, returned: String) async throws {
        let read = FakeConnector.record(#"{"id":1}"#) + "\necho '{\"type\":\"STATE\",\"state\":\(sent)}'"
        try await withFake(read) { fixture, fake in
            _ = try await sync(fixture, fake, .incrementalAppend)
            _ = try await sync(fixture, fake, .incrementalAppend)
            let state = try JSON(parsing: try fake.seen("state"))
            let expected = try JSON(parsing: returned)
            #expect(sorted(state) == sorted(expected))
            #expect(try await fixture.count("landing.things") == 2)
        }
    }

    /// jsonb orders keys by its own rule.
    private func sorted(_ value: JSON) -> JSON {
        switch value {
        case .array(let items): .array(items.map(sorted))
        case .object(let members):
            .object(JSON.Members(members.entries.sorted { $0.key < $1.key }.map { ($0.key, sorted($0.value)) }))
        default: value
        }
    }

    @Test("a connector that fails leaves the table and the state as they were, and its own words are the error")
    func failure() async throws {
        let first = FakeConnector.record(#"{"id":1}"#) + "\n" + FakeConnector.state("1")
        try await withFake(first) { fixture, fake in
            _ = try await sync(fixture, fake, .incrementalAppend)
            for ending in [
                #"echo '{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1,"error":{"message":"token expired","failure_type":"config_error"}}}'; exit 1"#,
                "echo 'token expired' >&2; exit 7", "echo 'token expired'; kill -9 $$",
                #"echo 'token expired'; echo '{"type":"TRACE","trace":{"type":"STREAM_STATUS","stream_status":{"status":"INCOMPLETE"}}}'"#,
                // Begun and never said to be complete.
                #"echo 'token expired'; echo '{"type":"TRACE","trace":{"type":"STREAM_STATUS","stream_status":{"status":"RUNNING"}}}'"#,
            ] {
                try fake.setRead(FakeConnector.record(#"{"id":2}"#) + "\n" + FakeConnector.state("2") + "\n" + ending)
                let error = await #expect(throws: ConnectorError.self) { try await sync(fixture, fake, .incrementalAppend) }
                #expect(error?.kind == .process)
                if !ending.contains("STREAM_STATUS") { #expect(error.map { "\($0)" }?.contains("token expired") == true) }
                #expect(error.map { !"\($0)".contains("good secret") } ?? false)
                #expect(try await fixture.count("landing.things") == 1)
            }
            #expect(
                try await fixture.text(
                    "select state -> 'source_state' #>> '{stream,stream_state}' from leat_internal.stream_states") == "1")
        }
    }

    @Test("a record that is cut off, mixed with others or without data fails the sync, since a row would be lost")
    func brokenRecords() async throws {
        let broken = [
            #"{"type":"RECORD","record":{"stream":"things","data":{"id":"#, #"{"type":"RECORD","record":{"stream":"things"}}"#,
            #"{"type": "RECORD", "record": {"stream":"things","da{"type":"RECORD","record":{"stream":"things","data":{"id":4}}}"#,
        ]
        try await withFake(FakeConnector.record(#"{"id":1}"#)) { fixture, fake in
            _ = try await sync(fixture, fake)
            for line in broken {
                try fake.setRead(FakeConnector.record(#"{"id":2}"#) + "\necho '\(line)'")
                let error = await #expect(throws: ConnectorError.self) { try await sync(fixture, fake) }
                #expect(error?.kind == .integrity && error?.message.contains("is not whole") == true, "\(error as Any)")
            }
            #expect(try await fixture.text("select string_agg(id::text, ',') from landing.things") == "1")
        }
    }

    @Test("a connector that ends and leaves somebody behind who holds its output has ended")
    func leftBehind() async throws {
        try await withFake(FakeConnector.record(#"{"id":1}"#) + "\nsleep 3000 &") { fixture, fake in
            let result = try await sync(fixture, fake)
            #expect(result.rowsCommitted == 1)
        }
    }

    @Test("cancelling ends the connector and all that it has started")
    func cancelling() async throws {
        let read = """
            sleep 300 & echo $! > "$here/seen-child"; echo $$ >> "$here/seen-child"
            \(FakeConnector.record(#"{"id":1}"#)); trap '' TERM; while true; do sleep 1; done
            """
        try await withFake(read) { fixture, fake in
            let task = Task { try await sync(fixture, fake) }
            while (try? fake.seen("child").split(separator: "\n").count) != 2 { try await Task.sleep(for: .milliseconds(20)) }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(ContinuousClock.now - start < .seconds(300))
            for line in try fake.seen("child").split(separator: "\n") {
                let process = try #require(pid_t(line))
                var isGone = false
                for _ in 0..<100 where !isGone {
                    isGone = kill(process, 0) != 0 || Self.isZombie(process)
                    if !isGone { try await Task.sleep(for: .milliseconds(20)) }
                }
                #expect(isGone, "\(process) lives on")
            }
        }
    }

    /// Dead, but nobody has asked for its status.
    private static func isZombie(_ process: pid_t) -> Bool {
        (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") Z ") ?? false
    }

    @Test("a config that the connector renews is kept, for this user alone, until leat.yml has another")
    func renewedConfig() async throws {
        let renewal =
            #"{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1,"connectorConfig":{"config":{"token":"fresh"}}}}"#
        try await withFake("echo '\(renewal)'") { fixture, fake in
            func sync(_ config: JSON) async throws -> String {
                var definition = fixture.definition(exec: ["./source-fake"], config: config, [ConfiguredStream(name: "things")])
                definition.source.connector = .command(["/bin/sh", fake.path], folder: fake.folder.path)
                _ = try await Sync(definition).run()
                return try fake.seen("config")
            }
            #expect(try await sync(["token": "stale"]).contains("stale"))
            #expect(try await sync(["token": "stale"]).contains("fresh"))
            #expect(try await sync(["token": "other"]).contains("other"))
            let kept = try FileManager.default.subpathsOfDirectory(atPath: fake.folder.path).first {
                $0.hasSuffix(".json") && $0.contains("connectors/")
            }
            let path = fake.folder.path + "/" + (try #require(kept))
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("check and discover ask the connector; a program that is not there is an error that says so")
    func asking() async throws {
        try await withFake("true") { fixture, fake in
            let registry = ConnectorRegistry.builtIn
            let good = try registry.source(
                named: "fake", connector: .command(["/bin/sh", fake.path], folder: "/tmp"), config: ["k": "good"])
            #expect(try await good.check().remarks == ["looked at it"])
            let streams = try await good.discover().streams
            #expect(streams.map(\.descriptor.name) == ["things"])
            #expect(
                streams.first?.fields.map(\.type) == [
                    .integer, .string, .boolean, .number, .integer, .date, .timestampWithTimeZone, .timestampWithoutTimeZone,
                    .timeWithoutTimeZone, .timeWithTimeZone, .object, .array, .binaryData, .object,
                ])
            let bad = try registry.source(
                named: "fake", connector: .command(["/bin/sh", fake.path], folder: "/tmp"), config: ["k": "bad"])
            let refused = await #expect(throws: ConnectorError.self) { try await bad.check() }
            #expect(refused?.message == "the connector says: looked at it")
            let gone = try registry.source(named: "fake", connector: .command(["/nowhere/source-x"], folder: "/tmp"), config: [:])
            let missing = await #expect(throws: ConnectorError.self) { try await gone.check() }
            #expect(missing?.message.contains("'/nowhere/source-x' cannot be started") == true)
        }
    }
}

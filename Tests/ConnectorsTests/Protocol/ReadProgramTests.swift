import Connectors
import Documents
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Built-in sources as Airbyte sources", .serialized)
struct ReadProgramTests {
    private func with(_ sql: String, _ body: (ProgramRun, TestDatabase, Connection) async throws -> Void) async throws {
        try await withScratch { scratch in
            try await withTestDatabase { database in
                let connection = try await database.connect()
                try await connection.execute(sql)
                try await body(ProgramRun(scratch: scratch), database, connection)
            }
        }
    }

    /// A catalog of all that the source offers.
    private func catalog(_ messages: [JSON], mode: String = "full_refresh", cursor: String? = nil) -> JSON {
        let streams = messages.first { $0["type"] == "CATALOG" }?["catalog"]?["streams"]?.array ?? []
        return [
            "streams": .array(
                streams.map {
                    [
                        "stream": $0, "sync_mode": .string(mode), "destination_sync_mode": "append",
                        "cursor_field": .array(cursor.map { [.string($0)] } ?? []),
                    ]
                })
        ]
    }

    private func records(_ messages: [JSON]) -> [JSON] { messages.compactMap { $0["record"]?["data"] } }
    private func states(_ messages: [JSON]) -> JSON { .array(messages.compactMap { $0["state"] }) }

    @Test("values become JSON by Airbyte's types, with every digit")
    func values() async throws {
        try await with(
            """
            create table t (id int primary key, n numeric, f float8, b bool, d date, ts timestamp, tz timestamptz, tm time,
              tmz timetz, j json, jb jsonb, ia int[], ta text[], by bytea, iv interval, txt text);
            insert into t values
              (1, 12345678901234567890.1250, 1.5, true, '2024-01-01', '2024-01-01 12:00:00.5', '2024-01-01 12:00+02', '12:00',
                '12:00-05:30', E'{"a":\\n 1.10}', '[1, 2]', '{1,NULL,3}', '{"a b",NULL,"NULL","q\\"x\\\\"}', '\\x00ff', '1 day 2h',
                E'x\\ty\\n"z"\\\\'),
              (2, 'NaN', 'Infinity', false, '0044-03-15 BC', 'infinity', '0044-03-15 00:00:00+00 BC', null, null, 'null', '"s"',
                '{{1,2},{3,4}}', '[0:1]={a,b}', null, null, '');
            """
        ) { run, database, _ in
            let config = database.config()
            let offered = try await run.messages("postgres-source") { try $0.discover(config) }
            let wanted = catalog(offered)
            let output = try await run.output("source-postgres") { _ = try $0.read(config, catalog: wanted, state: nil) }
            let text = String(decoding: output, as: UTF8.self)
            #expect(
                text.contains(
                    #""data":{"id":1,"n":12345678901234567890.1250,"f":1.5,"b":true,"d":"2024-01-01","ts":"2024-01-01T12:00:00.5","tz":"2024-01-01T10:00:00Z","tm":"12:00:00","tmz":"12:00:00-05:30","j":{"a":  1.10},"jb":[1, 2],"ia":[1,null,3],"ta":["a b",null,"NULL","q\"x\\"],"by":"AP8=","iv":"1 day 02:00:00","txt":"x\ty\n\"z\"\\"}}}"#
                ), "\(text)")
            #expect(
                text.contains(
                    #""data":{"id":2,"n":null,"f":null,"b":false,"d":"0044-03-15 BC","ts":null,"tz":"0044-03-15T00:00:00Z BC","tm":null,"tmz":null,"j":null,"jb":"s","ia":[[1,2],[3,4]],"ta":["a","b"],"by":null,"iv":null,"txt":""},"meta":{"changes":[{"field":"n","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}"#
                ), "\(text)")
        }
    }

    @Test("a read says how it goes: started, running, records, a state with its count, complete")
    func order() async throws {
        try await with("create table t (id int); insert into t select generate_series(1, 30000)") { run, database, _ in
            let config = database.config()
            let offered = try await run.messages("postgres-source") { try $0.discover(config) }
            let wanted = catalog(offered)
            let messages = try await run.messages("postgres-source") { _ = try $0.read(config, catalog: wanted, state: nil) }
            let kinds = messages.filter { $0["type"] != "RECORD" }.map {
                $0["trace"]?["stream_status"]?["status"]?.string ?? $0["type"]?.string ?? ""
            }
            #expect(kinds.filter { $0 != "TRACE" } == ["STARTED", "RUNNING", "STATE", "COMPLETE"])
            #expect(records(messages).count == 30_000)
            #expect(messages.first { $0["type"] == "STATE" }?["state"]?["sourceStats"]?["recordCount"]?.double == 30_000)
        }
    }

    @Test(
        "an incremental read goes on where its state ends: nothing is lost, and rows at the cursor come again only if they are more"
    )
    func incremental() async throws {
        try await with(
            "create table t (id int, at int); insert into t select i, i / 10 from generate_series(1, 25000) i"
        ) { run, database, connection in
            let config = database.config()
            let offered = try await run.messages("postgres-source") { try $0.discover(config) }
            let wanted = catalog(offered, mode: "incremental", cursor: "at")
            func read(_ state: JSON?) async throws -> [JSON] {
                try await run.messages("postgres-source") { _ = try $0.read(config, catalog: wanted, state: state) }
            }
            let first = try await read(nil)
            #expect(records(first).count == 25_000)
            let told = first.compactMap { $0["state"]?["sourceStats"]?["recordCount"]?.double }
            #expect(told == [10_000, 10_000, 5_000])
            #expect(records(try await read(states(first))).isEmpty)
            // From a state in the middle, all that follows comes, and nothing before its value.
            let middle: JSON = .array([states(first)[1] ?? .null])
            let rest = records(try await read(middle)).compactMap { $0["id"]?.int }
            #expect(Set(rest).isSuperset(of: 20_001...25_000) && (rest.min() ?? 0) >= 19_990 && Set(rest).count == rest.count)
            try await connection.execute("insert into t values (30000, 2500), (30001, 2501), (30002, null)")
            let second = try await read(states(first))
            #expect(records(second).compactMap { $0["id"]?.int } == [25_000, 30_000, 30_001])
            let third = try await read(states(second))
            #expect(records(third).isEmpty)
        }
    }

    @Test("files are read with their state")
    func files() async throws {
        try await withScratch { scratch in
            let run = ProgramRun(scratch: scratch)
            try scratch.write("t.csv", "id,name\n1,a\n2,\"b\nc\"\n")
            let config: JSON = ["url": .string("\(scratch.path)/t.csv")]
            let offered = try await run.messages("file-source") { try $0.discover(config) }
            let wanted = catalog(offered, mode: "incremental")
            let first = try await run.messages("file-source") { _ = try $0.read(config, catalog: wanted, state: nil) }
            #expect(records(first) == [["id": 1, "name": "a"], ["id": 2, "name": "b\nc"]])
            let state = states(first)
            let second = try await run.messages("file-source") { _ = try $0.read(config, catalog: wanted, state: state) }
            #expect(records(second).isEmpty)
        }
    }

    @Test("a stream that fails is said to be incomplete, with its error, and the others are read")
    func failures() async throws {
        try await with(
            "create table t (id int); insert into t values (1); create view v as select 1 / id as x from t; update t set id = 0"
        ) { run, database, _ in
            let config = database.config()
            let offered = try await run.messages("postgres-source") { try $0.discover(config) }
            let wanted = catalog(offered)
            let messages = try await run.messages("postgres-source") {
                let isWhole = try $0.read(config, catalog: wanted, state: nil)
                #expect(!isWhole)
            }
            #expect(records(messages) == [["id": 0]])
            let error = messages.first { $0["trace"]?["type"] == "ERROR" }?["trace"]?["error"]
            #expect(
                error?["stream_descriptor"]?["name"] == "v" && error?["message"]?.string?.contains("division by zero") == true)
            #expect(
                messages.contains {
                    $0["trace"]?["stream_status"]?["status"] == "INCOMPLETE"
                        && $0["trace"]?["stream_status"]?["stream_descriptor"]?["name"] == "v"
                })
        }
    }

    @Test("a check says what is wrong, and never the password")
    func check() async throws {
        let run = ProgramRun(scratch: try Scratch())
        defer { run.scratch.remove() }
        let messages = try await run.messages("postgres-source") {
            try $0.check(["host": "127.0.0.1", "port": 1, "database": "x", "username": "u", "password": "hunter2"])
        }
        #expect(messages.count == 1 && messages[0]["connectionStatus"]?["status"] == "FAILED")
        #expect(messages[0]["connectionStatus"]?["message"]?.string?.contains("hunter2") == false)
        #expect(throws: ConnectorError.self) { try ConnectorProgram("postgres") }
        #expect(throws: ConnectorError.self) { try ConnectorProgram("postgres-sauce") }
    }
}

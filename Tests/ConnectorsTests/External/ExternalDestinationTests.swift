import Connectors
import Documents
import Foundation
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Destinations that are programs", .serialized)
struct ExternalDestinationTests {
    /// A source database, a project folder, and a program that keeps what it is told.
    private struct Fixture {
        let scratch: Scratch
        let database: TestDatabase
        let connection: Connection

        func program(_ write: String = "tee -a \"$here/received\" | grep '\"type\":\"STATE\"'") throws {
            let path = try scratch.write(
                "destination",
                """
                #!/bin/sh
                here='\(scratch.path)'
                command=$1; shift
                while [ $# -gt 0 ]; do case $1 in --config) config=$2 ;; --catalog) catalog=$2 ;; esac; shift 2; done
                case $command in
                  check) echo '{"type":"CONNECTION_STATUS","connectionStatus":{"status":"FAILED","message":"no entry with hunter22"}}' ;;
                  write) cp "$catalog" "$here/catalog"; cp "$config" "$here/config"
                \(write)
                  ;;
                esac
                """)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }

        func definition(_ mode: SyncMode, connector: ConnectorReference? = nil, config: JSON = ["password": "hunter22"])
            -> ConnectionDefinition
        {
            ConnectionDefinition(
                name: "Out", source: ConnectorDefinition(name: "source", connector: "postgres", config: database.config()),
                destination: ConnectorDefinition(
                    name: "program",
                    connector: connector ?? .command(["/bin/sh", scratch.path + "/destination"], folder: scratch.path),
                    config: config),
                streams: [
                    ConfiguredStream(
                        name: "t", syncMode: mode, cursorField: mode.isIncremental ? "at" : nil,
                        primaryKey: mode.isDeduplicated ? ["id"] : nil)
                ])
        }

        @discardableResult
        func sync(_ mode: SyncMode) async throws -> StreamResult { try await Sync(definition(mode)).run().streams[0] }

        /// The data of the records since the last call.
        func received() throws -> [JSON] {
            let path = scratch.path + "/received"
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            try FileManager.default.removeItem(atPath: path)
            return try lines.map { try JSON(parsing: String($0)) }
        }
    }

    private func with(_ body: (Fixture) async throws -> Void) async throws {
        try await withScratch { scratch in
            try await withTestDatabase { database in
                let connection = try await database.connect()
                try await connection.execute(
                    "create table t (id int, at int, j jsonb, n numeric); insert into t values (1, 1, '{\"a\": [1]}', 1.50), (2, 2, null, 'NaN')"
                )
                try await body(Fixture(scratch: scratch, database: database, connection: connection))
            }
        }
    }

    @Test("they are fed records, a state and the end of the stream, with a catalog that says how")
    func overwrite() async throws {
        try await with { fixture in
            try fixture.program()
            let result = try await fixture.sync(.fullRefreshOverwrite)
            #expect(result.rowsCommitted == 2)
            let messages = try fixture.received()
            #expect(messages.map { $0["type"]?.string } == ["TRACE", "RECORD", "RECORD", "STATE", "TRACE"])
            #expect(messages[1]["record"]?["data"] == ["id": 1, "at": 1, "j": ["a": [1]], "n": 1.5])
            #expect(messages[2]["record"]?["data"] == ["id": 2, "at": 2, "j": .null, "n": .null])
            #expect(messages[2]["record"]?["meta"]?["changes"]?[0]?["field"] == "n")
            #expect(messages[4]["trace"]?["stream_status"]?["status"] == "COMPLETE")
            func stream() throws -> JSON? {
                try JSON(parsing: try String(contentsOfFile: fixture.scratch.path + "/catalog", encoding: .utf8))["streams"]?[0]
            }
            #expect(try stream()?["destination_sync_mode"] == "overwrite")
            #expect(try stream()?["minimum_generation_id"] == 1)
            try await fixture.sync(.fullRefreshOverwrite)
            #expect(try stream()?["generation_id"] == 2)
        }
    }

    @Test("an incremental sync goes on where the last one ended, with the state that was sent back")
    func incremental() async throws {
        try await with { fixture in
            try fixture.program()
            #expect(try await fixture.sync(.incrementalAppendDeduped).rowsRead == 2)
            _ = try fixture.received()
            #expect(try await fixture.sync(.incrementalAppendDeduped).rowsRead == 0)
            _ = try fixture.received()
            try await fixture.connection.execute("insert into t values (3, 2), (4, 3)")
            try await fixture.sync(.incrementalAppendDeduped)
            // One more at the cursor: all of them come again, none is lost.
            let ids = try fixture.received().compactMap { $0["record"]?["data"]?["id"]?.int }
            #expect(ids == [2, 3, 4])
        }
    }

    @Test("a state that does not come back, and a program that fails, leave the old state")
    func failures() async throws {
        try await with { fixture in
            try fixture.program("cat > /dev/null")
            let silent = await connectorError { try await fixture.sync(.incrementalAppendDeduped) }
            #expect(silent?.message.contains("did not send the state back") == true, "\(silent as Any)")
            try fixture.program(
                """
                head -c 100 > /dev/null
                echo '{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1,"error":{"message":"disk full, hunter22","failure_type":"transient_error"}}}'
                exit 1
                """)
            let failed = await connectorError { try await fixture.sync(.incrementalAppendDeduped) }
            #expect(failed?.failureType == .transient && failed?.message.contains("disk full") == true, "\(failed as Any)")
            #expect(failed.map { "\($0)" }?.contains("hunter22") == false)
            try fixture.program()
            #expect(try await fixture.sync(.incrementalAppendDeduped).rowsRead == 2)
        }
    }

    @Test("much more than a pipe holds goes through, while the program talks")
    func large() async throws {
        try await with { fixture in
            try await fixture.connection.execute(
                "insert into t select i, i, to_jsonb(repeat('x', 100)) from generate_series(3, 50000) i")
            try fixture.program("tee -a \"$here/received\" | sed 's/^{\"type\":\"RECORD\".*/noise/'")
            #expect(try await fixture.sync(.fullRefreshAppend).rowsRead == 50_000)
            let ids = try fixture.received().compactMap { $0["record"]?["data"]?["id"]?.int }
            #expect(ids.count == 50_000 && Set(ids).count == 50_000)
        }
    }

    @Test("a check shows the program's words, without the secrets of the config")
    func check() async throws {
        try await with { fixture in
            try fixture.program()
            let destination = try ConnectorRegistry.builtIn.destination(
                named: "program",
                connector: .command(["/bin/sh", fixture.scratch.path + "/destination"], folder: fixture.scratch.path),
                config: ["password": "hunter22"])
            let error = await connectorError { _ = try await destination.check() }
            #expect(error?.message == "the connector says: no entry with ******", "\(error as Any)")
        }
    }

    @Test("an image is run by the engine, which gets its files and kills the container when the sync fails")
    func image() async throws {
        try await with { fixture in
            try fixture.program()
            let standIn = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Protocol/Python/docker")
            setenv("LEAT_CONTAINER_ENGINE", standIn.standardizedFileURL.path, 1)
            setenv("CONNECTOR_BIN", fixture.scratch.path + "/destination", 1)
            defer {
                unsetenv("LEAT_CONTAINER_ENGINE")
                unsetenv("CONNECTOR_BIN")
            }
            let image = ConnectorReference.image("example/destination:1", folder: fixture.scratch.path)
            let result = try await Sync(fixture.definition(.fullRefreshOverwrite, connector: image)).run()
            #expect(result.rowsCommitted == 2)
            #expect(try fixture.received().count == 5)
            setenv("LEAT_CONTAINER_ENGINE", "/bin/false", 1)
            let error = await connectorError {
                _ = try await Sync(fixture.definition(.fullRefreshOverwrite, connector: image)).run()
            }
            #expect(error?.code == "connector.process", "\(error as Any)")
            setenv("LEAT_CONTAINER_ENGINE", "", 1)
            let path = String(cString: getenv("PATH"))
            setenv("PATH", "/nowhere", 1)
            let missing = await connectorError {
                _ = try await ConnectorRegistry.builtIn.source(named: "s", connector: image, config: [:]).check()
            }
            setenv("PATH", path, 1)
            #expect(missing?.message.contains("neither docker nor podman is on PATH") == true, "\(missing as Any)")
        }
    }
}

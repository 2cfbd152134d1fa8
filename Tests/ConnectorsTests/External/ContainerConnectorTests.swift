import Connectors
import Documents
import Foundation
import Ingest
import Postgres
import Records
import TestSupport
import Testing

// One after the other with the tests beside it: the engine is named in the environment.
extension ExternalDestinationTests {
    /// Connectors that are images, run by a real engine.
    @Suite(
        "Connectors in containers",
        .enabled(
            if: ContainerService.shared != nil, "podman is not here, or may not run containers: `podman system service` says why")
    )
    struct ContainerConnectorTests {
        /// A source of three rows, one of them out of its config, and a destination that wants three records.
        private static let script = """
            command=$1; shift
            while [ $# -gt 0 ]; do case $1 in --config) config=$2 ;; --catalog) catalog=$2 ;; esac; shift 2; done
            [ -z "$config" ] || { read -r line < "$config" || true; line=${line#*:}; line=${line%\\}}; }
            record() { echo '{"type":"RECORD","record":{"stream":"t","emitted_at":1,"data":{"id":'$1'}}}'; }
            case $command in
              spec) echo '{"type":"SPEC","spec":{"connectionSpecification":{"type":"object","required":["n"]}}}' ;;
              check) echo '{"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED","message":"it is '$line'"}}' ;;
              discover) echo '{"type":"CATALOG","catalog":{"streams":[{"name":"t","supported_sync_modes":["full_refresh"],
            "json_schema":{"type":"object","properties":{"id":{"type":"integer"}}}}]}}' | { read -r a; read -r b; echo "$a$b"; } ;;
              read) record 1; record 2; record "$line"; [ "$line" != 99 ] || sleep 3000 ;;
              write) n=0
                while read -r line; do
                  case $line in *'"type":"RECORD"'*) n=$((n + 1)) ;; *'"type":"STATE"'*) echo "$line" ;; esac
                done
                [ $n = 3 ] || { echo "got $n" >&2; exit 3; } ;;
            esac
            """

        private func with(_ body: (ContainerService, Scratch, TestDatabase, ConnectorReference) async throws -> Void) async throws
        {
            let service = try #require(ContainerService.shared)
            let image = try await BlockingThread.run("image") { try service.makeImage("leat-connector", script: Self.script) }
            try await withScratch { scratch in
                setenv("LEAT_CONTAINER_ENGINE", try service.engine(in: scratch.path), 1)
                defer { unsetenv("LEAT_CONTAINER_ENGINE") }
                try await withTestDatabase { try await body(service, scratch, $0, .image(image, folder: scratch.path)) }
            }
        }

        @Test("an image is a source and a destination as a program is: it finds its files, and nothing is left of its containers")
        func journey() async throws {
            try await with { service, _, database, image in
                let source = ConnectorDefinition(name: "image", connector: image, config: ["n": 5])
                let warehouse = ConnectorDefinition(
                    name: "w", connector: "postgres", config: database.config(("schema", "landing")))
                let report = try await ConnectorRegistry.builtIn.source(named: "s", connector: image, config: ["n": 5]).check()
                #expect(report.remarks == ["it is 5"], "\(report)")
                let arriving = ConnectionDefinition(
                    name: "In", source: source, destination: warehouse, streams: [ConfiguredStream(name: "t")])
                #expect(try await Sync(arriving).run().rowsCommitted == 3)
                let connection = try await database.connect()
                let ids = try await connection.execute("select string_agg(id::text, ',' order by id) from landing.t").scalar?
                    .string
                #expect(ids == "1,2,5")
                await connection.close()

                let leaving = ConnectionDefinition(
                    name: "Out",
                    source: ConnectorDefinition(
                        name: "w", connector: "postgres", config: database.config(("schemas", ["landing"]))),
                    destination: ConnectorDefinition(name: "image", connector: image, config: ["n": 1]),
                    streams: [ConfiguredStream(name: "t", selectedFields: ["id"])])
                #expect(try await Sync(leaving).run().rowsCommitted == 3)
                #expect(try await service.containers("leat-").filter(Self.isConnector).isEmpty)
            }
        }

        @Test("cancelling ends the container; an image that there is not is an error of the engine's, with its words")
        func ends() async throws {
            try await with { service, _, database, image in
                let warehouse = ConnectorDefinition(
                    name: "w", connector: "postgres", config: database.config(("schema", "landing")))
                let definition = ConnectionDefinition(
                    name: "In", source: ConnectorDefinition(name: "image", connector: image, config: ["n": 99]),
                    destination: warehouse, streams: [ConfiguredStream(name: "t")])
                let task = Task { try await Sync(definition).run() }
                while try await service.containers("leat-").filter(Self.isConnector).isEmpty {
                    try await Task.sleep(for: .milliseconds(100))
                }
                task.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                #expect(try await service.containers("leat-").filter(Self.isConnector).isEmpty)

                let missing = await connectorError {
                    _ = try await ConnectorRegistry.builtIn.source(
                        named: "s", connector: .image("localhost/no-such-image:1", folder: "."), config: [:]
                    ).check()
                }
                #expect(
                    missing?.message.contains("cannot run the image 'localhost/no-such-image:1'") == true, "\(missing as Any)")
            }
        }

        /// Tasks in containers have the names of their attempts, connectors a number.
        private static func isConnector(_ name: String) -> Bool { name.wholeMatch(of: /\/?leat-[0-9a-z]{8,13}/) != nil }
    }
}

import Connectors
import Documents
import Foundation
import Ingest
import Records
import Testing

@Suite("Specs of external connectors")
struct ExternalSpecTests {
    private static let schema: JSON = [
        "type": "object", "required": ["site", "credentials"],
        "properties": [
            "site": ["type": "string", "title": "Site"],
            "pages": ["type": "integer", "minimum": 1, "maximum": 100],
            "kind": ["type": "string", "enum": ["orders", "users"]],
            "credentials": [
                "type": "object",
                "oneOf": [
                    [
                        "title": "Key", "required": ["method", "code"],
                        "properties": ["method": ["const": "key"], "code": ["type": "string", "airbyte_secret": true]],
                    ],
                    [
                        "title": "Login", "required": ["method", "user"],
                        "properties": ["method": ["const": "login"], "user": ["type": "string"]],
                    ],
                ],
            ],
        ],
    ]

    private func withFake(_ body: (SyncFixture, FakeConnector) async throws -> Void) async throws {
        let things: JSON = [
            [
                "name": "things", "supported_sync_modes": ["full_refresh"],
                "json_schema": ["properties": ["id": ["type": "integer"]]],
            ]
        ]
        let fake = try FakeConnector(catalog: things, read: FakeConnector.record(#"{"id":1}"#))
        defer { fake.remove() }
        try await withSync { fixture in try await body(fixture, fake) }
    }

    private func sync(_ fixture: SyncFixture, _ fake: FakeConnector, _ config: JSON) async throws -> SyncResult {
        try await Sync(
            fixture.definition(
                exec: ["/bin/sh", fake.path], config: config, folder: fake.folder.path, [ConfiguredStream(name: "things")])
        ).run()
    }

    @Test(
        "a config that the spec does not allow stops before the connector is asked for anything, without quoting values",
        arguments: [
            (["credentials": ["method": "key", "code": "hush"]] as JSON, "field 'site' is missing (Site)"),
            (["site": 5, "credentials": ["method": "key", "code": "hush"]], "field 'site' must be a text"),
            (
                ["site": "s", "pages": 101, "credentials": ["method": "key", "code": "hush"]], "field 'pages' must be at most 100"
            ),
            (
                ["site": "s", "kind": "hush", "credentials": ["method": "key", "code": "x"]],
                "field 'kind' must be orders or users"
            ),
            (["site": "s", "credentials": ["method": "key"]], "field 'credentials.code' is missing"),
            (["site": "s", "credentials": ["method": "key", "code": ["hush"]]], "field 'credentials.code' must be a text"),
            (["site": "s", "credentials": ["method": "hush"]], "field 'credentials' fits none of its choices: Key, Login"),
        ] as [(JSON, String)])
    func refused(_ config: JSON, _ message: String) async throws {
        try await withFake { fixture, fake in
            try fake.setSpec(Self.schema)
            let error = await #expect(throws: ConnectorError.self) { try await sync(fixture, fake, config) }
            #expect(error?.message == "config of source 'fake': \(message)")
            #expect(error?.failureType == .config && error?.field.isEmpty == false)
            #expect(error.map { !"\($0) \($0.details)".contains("hush") } == true)
            #expect(throws: (any Error).self) { try fake.seen("config") }
        }
    }

    @Test("a spec is asked for once; where a config does not fit what is remembered, it is asked for again")
    func remembered() async throws {
        try await withFake { fixture, fake in
            try fake.setSpec(Self.schema)
            let config: JSON = ["site": "s", "credentials": ["method": "login", "user": "ada"]]
            #expect(try await sync(fixture, fake, config).rowsCommitted == 1)
            #expect(try await sync(fixture, fake, config).rowsCommitted == 1)
            #expect(try fake.seen("spec") == "asked\n")
            // A new version of the connector knows more.
            try fake.setSpec(["type": "object"])
            #expect(try await sync(fixture, fake, ["site": 7]).rowsCommitted == 1)
            #expect(try fake.seen("spec") == "asked\nasked\n")
        }
    }

    @Test("what the spec calls a secret appears in no error, whatever its name")
    func masked() async throws {
        try await withFake { fixture, fake in
            try fake.setSpec(Self.schema)
            try fake.setRead(
                #"""
                echo 'opening with open-sesame' >&2
                echo '{"type":"TRACE","trace":{"type":"ERROR","error":{"message":"not open-sesame","internal_message":"open-sesame!"}}}'
                exit 1
                """#)
            let config: JSON = ["site": "s", "credentials": ["method": "key", "code": "open-sesame"]]
            let error = await #expect(throws: ConnectorError.self) { try await sync(fixture, fake, config) }
            #expect(error?.message.hasSuffix("not ******") == true, "\(error as Any)")
            #expect(error.map { !"\($0) \($0.details)".contains("sesame") } == true)
        }
    }

    @Test("a connector that says nothing for too long is ended, and that may pass")
    func heartbeat() async throws {
        try await withFake { fixture, fake in
            try fake.setRead("sleep 1000")
            let reference = ConnectorReference.command(["/bin/sh", fake.path], folder: fake.folder.path)
            let source = try ConnectorRegistry.builtIn.source(named: "fake", connector: reference, config: [:])
            let error = await #expect(throws: ConnectorError.self) {
                try await BlockingThread.run("heartbeat") {
                    var options = SessionOptions()
                    options.heartbeat = .seconds(20)
                    let session = try source.openSession(options)
                    let catalog = try session.discover(only: nil)
                    options.heartbeat = .milliseconds(50)
                    let hurried = try source.openSession(options)
                    try hurried.read(ReadRequest(stream: try #require(catalog.streams.first), columns: [])) { _ in }
                }
            }
            #expect(error?.message == "the connector of source 'fake' has said nothing for 0.05 seconds", "\(error as Any)")
            #expect(error?.failureType == .transient)
        }
    }
}

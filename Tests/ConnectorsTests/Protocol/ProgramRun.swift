import Connectors
import Documents
import Foundation
import Postgres
import TestSupport

/// Runs built-in connectors as programs, with files for their input and output.
struct ProgramRun {
    let scratch: Scratch

    /// What `body` makes the connector say.
    func messages(_ name: String, _ body: @escaping @Sendable (ConnectorProgram) throws -> Void) async throws -> [JSON] {
        try lines(try await output(name, body)).map { try JSON(parsing: Array($0)) }
    }

    func output(_ name: String, _ body: @escaping @Sendable (ConnectorProgram) throws -> Void) async throws -> Data {
        let path = "\(scratch.path)/output-\(UUID().uuidString)"
        try await BlockingThread.run("test") {
            let file = open(path, O_RDWR | O_CREAT, 0o600)
            defer { close(file) }
            try body(try ConnectorProgram(name, output: file))
        }
        return try Data(contentsOf: URL(filePath: path))
    }

    private func lines(_ data: Data) -> [Data.SubSequence] { data.split(separator: 0x0A) }

    /// Hands messages to the destination.
    /// - Returns: the states that came back, and why it failed if it did.
    func write(
        _ messages: [JSON], streams: [JSON], _ config: JSON
    ) async throws -> (states: [JSON], error: ConnectorError?) {
        let path = try scratch.write("input-\(UUID().uuidString)", messages.map { $0.text() + "\n" }.joined())
        let failure = Failure()
        let answers = try await self.messages("postgres-destination") { program in
            let input = open(path, O_RDONLY)
            defer { close(input) }
            do {
                try program.write(config, catalog: ["streams": .array(streams)], input: input)
            } catch {
                failure.error = error as? ConnectorError
            }
        }
        return (answers.compactMap { $0["type"] == "STATE" ? $0["state"] : nil }, failure.error)
    }

    /// Set on the thread of the program, read after its end.
    private final class Failure: @unchecked Sendable {
        var error: ConnectorError?
    }
}

extension TestDatabase {
    /// A config for the Postgres connectors.
    func config(_ more: (String, JSON)...) -> JSON {
        var members = JSON.Members(more)
        members["host"] = .string(options.host)
        members["port"] = .int(options.port)
        members["database"] = .string(options.database)
        members["username"] = .string(options.user)
        members["password"] = .string(options.password ?? "")
        return .object(members)
    }
}

/// Messages of a source, as a destination gets them.
enum Say {
    static func record(_ data: JSON, stream: String = "things", namespace: String? = nil, at: Double = 1_700_000_000_000) -> JSON
    {
        var record = JSON.Members()
        record["stream"] = .string(stream)
        record["emitted_at"] = .double(at)
        record["data"] = data
        if let namespace { record["namespace"] = .string(namespace) }
        return ["type": "RECORD", "record": .object(record)]
    }

    static func state(_ value: Int, stream: String = "things", namespace: String? = nil) -> JSON {
        [
            "type": "STATE",
            "state": [
                "type": "STREAM",
                "stream": ["stream_descriptor": descriptor(stream, namespace), "stream_state": ["at": .int(value)]],
            ],
        ]
    }

    static func status(_ status: String = "COMPLETE", stream: String = "things", namespace: String? = nil) -> JSON {
        [
            "type": "TRACE",
            "trace": [
                "type": "STREAM_STATUS", "emitted_at": 1.5,
                "stream_status": ["stream_descriptor": descriptor(stream, namespace), "status": .string(status)],
            ],
        ]
    }

    private static func descriptor(_ name: String, _ namespace: String?) -> JSON {
        namespace.map { ["name": .string(name), "namespace": .string($0)] } ?? ["name": .string(name)]
    }

    /// A stream of a configured catalog.
    static func stream(
        _ mode: String = "append", name: String = "things", namespace: String? = nil, generation: Int = 1, minimum: Int = 0,
        properties: JSON = ["id": ["type": "integer"], "name": ["type": "string"], "at": ["type": "integer"]]
    ) -> JSON {
        var stream = JSON.Members()
        stream["name"] = .string(name)
        stream["json_schema"] = ["type": "object", "properties": properties]
        stream["supported_sync_modes"] = ["full_refresh", "incremental"]
        if let namespace { stream["namespace"] = .string(namespace) }
        return [
            "stream": .object(stream), "sync_mode": "incremental", "destination_sync_mode": .string(mode), "cursor_field": ["at"],
            "primary_key": [["id"]], "generation_id": .double(Double(generation)), "minimum_generation_id": .int(minimum),
            "sync_id": 42,
        ]
    }
}

package import Documents
package import Records

/// The messages of the Airbyte protocol, 0.3.2. Source: `airbyte_protocol.yaml`.
package enum AirbyteMessage {
    /// What became of a stream.
    enum StreamStatus: String {
        case started = "STARTED"
        case running = "RUNNING"
        case complete = "COMPLETE"
        case incomplete = "INCOMPLETE"
    }

    static func now() -> Int { PostgresSourceSession.now() / 1000 }

    static func descriptor(_ stream: StreamDescriptor) -> JSON {
        var members = JSON.Members([("name", .string(stream.name))])
        if let namespace = stream.namespace { members["namespace"] = .string(namespace) }
        return .object(members)
    }

    package static func spec(_ spec: ConnectorSpec) -> JSON { ["type": "SPEC", "spec": spec.airbyteSpecification] }

    static func catalog(_ catalog: Catalog) -> JSON { ["type": "CATALOG", "catalog": AirbyteCatalog.json(of: catalog)] }

    static func status(_ failure: ConnectorError?, message: String?) -> JSON {
        var status = JSON.Members([("status", failure == nil ? "SUCCEEDED" : "FAILED")])
        if let text = failure.map({ "\($0)" }) ?? message { status["message"] = .string(text) }
        return ["type": "CONNECTION_STATUS", "connectionStatus": .object(status)]
    }

    static func log(_ text: String, level: String = "INFO") -> JSON {
        ["type": "LOG", "log": ["level": .string(level), "message": .string(text)]]
    }

    static func status(_ stream: StreamDescriptor, _ status: StreamStatus) -> JSON {
        trace("STREAM_STATUS", "stream_status", ["stream_descriptor": descriptor(stream), "status": .string(status.rawValue)])
    }

    /// - Parameter stream: the stream that the error is about, if it is about one.
    package static func error(_ error: any Error, stream: StreamDescriptor? = nil) -> JSON {
        let known = error as? ConnectorError
        var members = JSON.Members([
            ("message", .string(known?.message ?? "\(error)")), ("internal_message", .string("\(error)")),
            ("failure_type", .string((known?.failureType ?? .system).rawValue)),
        ])
        if let stream { members["stream_descriptor"] = descriptor(stream) }
        return trace("ERROR", "error", .object(members))
    }

    static func estimate(_ stream: StreamDescriptor, rows: Int) -> JSON {
        var members = JSON.Members([("name", .string(stream.name)), ("type", "STREAM"), ("row_estimate", .int(rows))])
        if let namespace = stream.namespace { members["namespace"] = .string(namespace) }
        return trace("ESTIMATE", "estimate", .object(members))
    }

    /// - Parameter records: how many came since the stream's last state.
    static func state(_ stream: StreamDescriptor, _ state: JSON, records: Int) -> JSON {
        [
            "type": "STATE",
            "state": [
                "type": "STREAM", "stream": ["stream_descriptor": descriptor(stream), "stream_state": state],
                "sourceStats": ["recordCount": .double(Double(records))],
            ],
        ]
    }

    private static func trace(_ type: String, _ key: String, _ body: JSON) -> JSON {
        .object(
            JSON.Members([
                ("type", "TRACE"),
                ("trace", .object(JSON.Members([("type", .string(type)), ("emitted_at", .double(Double(now()))), (key, body)]))),
            ]))
    }
}

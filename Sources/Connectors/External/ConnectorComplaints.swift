import Documents

/// What a connector said beside its answers.
struct ConnectorComplaints {
    /// The latest lines of its log.
    private var lines: [String] = []
    /// The error that it reported.
    private(set) var failure: JSON?

    mutating func log(_ line: String) {
        lines.append(line)
        if lines.count > 20 { lines.removeFirst() }
    }

    mutating func trace(_ trace: JSON) {
        switch trace["type"]?.string {
        case "ERROR": failure = trace["error"]
        case "STREAM_STATUS" where trace["stream_status"]?["status"] == "INCOMPLETE":
            if failure == nil { failure = ["message": "the stream ended before all of it was read"] }
        default: break
        }
    }

    func error(owner: String, command: String, exitCode: Int32) -> ConnectorError {
        let said = failure?["message"]?.string
        let type = failure?["failure_type"]?.string.flatMap(ConnectorError.FailureType.init)
        var error = ConnectorError(
            .process, "the connector of \(owner) failed in \(command): \(said ?? "exit code \(exitCode)")",
            hint: type == .config ? "look at the config of \(owner)" : nil, failureType: type ?? .system)
        if let detail = failure?["internal_message"]?.string, detail != said { error.details.append(detail) }
        if said == nil { error.details += lines.suffix(8) }
        return error
    }
}

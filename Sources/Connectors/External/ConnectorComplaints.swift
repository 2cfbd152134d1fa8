import Documents

/// What a connector said beside its answers.
struct ConnectorComplaints {
    /// The latest lines of its log.
    private var lines: [String] = []
    /// The error that it reported.
    private var reported: JSON?
    /// How far it said that each stream is. Old connectors say nothing of that.
    private var statuses: [String: String] = [:]

    /// Why it has failed: what it reported, or a stream that it began and did not end. Counts once it has ended.
    var failure: JSON? {
        if let reported { return reported }
        guard let name = statuses.filter({ $0.value != "COMPLETE" }).keys.min() else { return nil }
        return ["message": .string("the stream '\(name)' ended before all of it was read")]
    }

    mutating func log(_ line: String) {
        lines.append(line)
        if lines.count > 20 { lines.removeFirst() }
    }

    mutating func trace(_ trace: JSON) {
        switch trace["type"]?.string {
        case "ERROR": reported = trace["error"]
        case "STREAM_STATUS":
            let name = trace["stream_status"]?["stream_descriptor"]?["name"]?.string ?? ""
            statuses[name] = trace["stream_status"]?["status"]?.string
        default: break
        }
    }

    func error(owner: String, command: String, exitCode: Int32) -> ConnectorError {
        let said = failure?["message"]?.string
        let type = failure?["failure_type"]?.string.flatMap(ConnectorError.FailureType.init)
        let end = exitCode == 0 ? "it ended before it had read all" : "exit code \(exitCode)"
        var error = ConnectorError(
            .process, "the connector of \(owner) failed in \(command): \(said ?? end)",
            hint: type == .config ? "look at the config of \(owner)" : nil, failureType: type ?? .system)
        if let detail = failure?["internal_message"]?.string, detail != said { error.details.append(detail) }
        if said == nil { error.details += lines.suffix(8) }
        return error
    }
}

import Documents
import Records
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A session with an external source: a process for each question.
final class ExternalSourceSession: SourceSession {
    let source: ExternalSource
    let options: SessionOptions
    private let running = Running()
    var finalState: JSON?
    var changedValues = 0
    var isExternal: Bool { true }

    /// The process under way, for other threads.
    final class Running: Sendable {
        private let group = Mutex<ChildProcess.Group?>(nil)
        func set(_ group: ChildProcess.Group?) { self.group.withLock { $0 = group } }
        func send(_ signal: Int32) { group.withLock { $0 }?.send(signal) }
    }

    init(_ source: ExternalSource, _ options: SessionOptions) {
        self.source = source
        self.options = options
    }

    var interrupt: Interrupt {
        Interrupt(cancel: { [running] in running.send(SIGTERM) }, abort: { [running] in running.send(SIGKILL) })
    }

    var databaseIdentity: String? { nil }

    func check() throws(ConnectorError) -> CheckReport {
        var status: JSON?
        try converse(["check"]) { message in if message["type"] == "CONNECTION_STATUS" { status = message["connectionStatus"] } }
        guard let status else { throw silent("check", "CONNECTION_STATUS") }
        let text = status["message"]?.string
        guard status["status"] == "SUCCEEDED" else {
            throw ConnectorError(
                .source, "the connector says: \(text ?? "the check failed")", hint: "look at the config of \(source.owner)")
        }
        return CheckReport(source.command[0].split(separator: "/").last.map(String.init) ?? "", remarks: text.map { [$0] } ?? [])
    }

    func discover(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog {
        var found: JSON?
        try converse(["discover"]) { message in if message["type"] == "CATALOG" { found = message["catalog"] } }
        guard let found else { throw silent("discover", "CATALOG") }
        let catalog = AirbyteCatalog.catalog(from: found)
        guard let only else { return catalog }
        return Catalog(
            streams: catalog.streams.filter { stream in
                only.contains { $0.name == stream.descriptor.name && ($0.namespace == nil || $0 == stream.descriptor) }
            })
    }

    /// Airbyte's sources have no instant at which all is read; each stream is read when its turn comes.
    func beginSnapshot(isShared: Bool) throws(ConnectorError) -> SourceSnapshot {
        SourceSnapshot(id: nil, takenAt: PostgresSourceSession.now())
    }

    func join(_ snapshot: SourceSnapshot) throws(ConnectorError) {}

    func close() { running.send(SIGKILL) }

    private func silent(_ command: String, _ type: String) -> ConnectorError {
        ConnectorError(
            .process, "the connector of \(source.owner) ended \(command) without a message \(type)", failureType: .system)
    }

    /// Runs the connector with a command that has no records to send.
    private func converse(_ words: [String], _ body: (JSON) -> Void) throws(ConnectorError) {
        do {
            try run(words, files: []) { line in
                guard let message = line.message else { return false }
                body(message)
                return true
            }
        } catch let error as ConnectorError {
            throw error
        } catch {
            throw ConnectorError(.process, "\(error)", failureType: .transient)
        }
    }

    /// Runs the connector to its end.
    ///
    /// - Parameters:
    ///   - files: options and the JSON of the file that each names.
    ///   - body: takes a line; false if it is no message but something for the log.
    /// - Throws: ``ConnectorError`` if the connector fails, whatever `body` throws, or `CancellationError`.
    func run(_ words: [String], files: [(option: String, content: JSON)], _ body: (inout ConnectorLine) throws -> Bool) throws {
        var kept: [PrivateFile] = []
        defer { for file in kept { file.remove() } }
        var arguments = source.command + words
        for (option, content) in [("--config", source.config.current)] + files {
            let file = try PrivateFile(content.text())
            kept.append(file)
            arguments += [option, file.path]
        }
        var report = ConnectorComplaints()
        let process = try ChildProcess(arguments)
        running.set(process.group)
        defer { running.set(nil) }
        var lastNews = ContinuousClock.now
        do {
            try process.read { bytes in
                lastNews = .now
                var line = ConnectorLine(bytes)
                if let message = line.message, try handle(message, &report) { return }
                if try !body(&line) { report.log(String(decoding: bytes, as: UTF8.self)) }
            } complaint: { text in
                report.log(text)
            } tick: {
                if options.isCancelled() { throw CancellationError() }
                if ContinuousClock.now - lastNews > .seconds(3 * 3600) {
                    throw ConnectorError(
                        .process, "the connector of \(source.owner) has said nothing for 3 hours", failureType: .transient)
                }
            }
        } catch {
            process.group.send(SIGTERM)
            _ = process.end(killing: true)
            throw error
        }
        let code = process.end()
        if options.isCancelled() { throw CancellationError() }
        if code != 0 || report.failure != nil { throw report.error(owner: source.owner, command: words[0], exitCode: code) }
    }

    /// Takes the messages that have nothing to do with the question.
    private func handle(_ message: JSON, _ report: inout ConnectorComplaints) throws -> Bool {
        switch message["type"]?.string {
        case "LOG": report.log("\(message["log"]?["level"]?.string ?? ""): \(message["log"]?["message"]?.string ?? "")")
        case "TRACE": report.trace(message["trace"] ?? .null)
        case "CONTROL":
            guard message["control"]?["type"] == "CONNECTOR_CONFIG",
                let config = message["control"]?["connectorConfig"]?["config"]
            else { return true }
            try source.config.keep(config)
        default: return false
        }
        return true
    }
}

import Documents
import Processes

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One run of an external connector, from its start to its end.
final class ExternalExchange {
    private let connector: ExternalConnector
    private let command: String
    private let options: SessionOptions
    private let running: ExternalConversation.Running
    private let process: ChildProcess
    private var files: [PrivateFile] = []
    private var report = ConnectorComplaints()
    private var lastNews = ContinuousClock.now
    private let container: ContainerCommand?

    init(
        _ connector: ExternalConnector, _ words: [String], files: [(option: String, content: JSON)], options: SessionOptions,
        running: ExternalConversation.Running, hasInput: Bool
    ) throws(ConnectorError) {
        self.connector = connector
        self.options = options
        self.running = running
        command = words.first ?? ""
        var kept: [PrivateFile] = []
        do {
            var arguments = words
            let config = command == "spec" ? [] : [(option: "--config", content: connector.config.current)]
            for (option, content) in config + files {
                let file = try PrivateFile(content.text(), isForContainer: connector.image != nil)
                kept.append(file)
                arguments += [option, file.path]
            }
            if let image = connector.image {
                let container = try ContainerCommand(image: image, arguments: arguments, files: kept.map(\.path))
                self.container = container
                process = try ChildProcess(container.words, hasInput: hasInput)
            } else {
                container = nil
                process = try ChildProcess(connector.command + arguments, hasInput: hasInput)
            }
        } catch {
            for file in kept { file.remove() }
            throw error
        }
        self.files = kept
        running.set(process.group)
    }

    deinit { end() }

    private func end() {
        running.set(nil)
        for file in files { file.remove() }
        files = []
    }

    /// Writes lines to its input, and takes what it says meanwhile.
    func send(_ bytes: [UInt8], _ body: (inout ConnectorLine) throws -> Bool) throws {
        try stopping {
            let isRead = try process.send(bytes) {
                try take($0, body)
            } complaint: {
                report.log($0)
            } tick: {
                try tick()
            }
            if !isRead {
                // It has ended, and has said why.
                try process.read {
                    try take($0, body)
                } complaint: {
                    report.log($0)
                } tick: {
                    try tick()
                }
                throw connector.masked(report.error(owner: connector.owner, command: command, exitCode: process.end()))
            }
        }
    }

    /// Ends its input and reads until it has ended.
    /// - Throws: ``ConnectorError`` if it fails, whatever `body` throws, or `CancellationError`.
    func finish(_ body: (inout ConnectorLine) throws -> Bool) throws {
        defer { end() }
        process.closeInput()
        try stopping {
            try process.read {
                try take($0, body)
            } complaint: {
                report.log($0)
            } tick: {
                try tick()
            }
        }
        let code = process.end()
        if options.isCancelled() { throw CancellationError() }
        if code != 0 || report.failure != nil {
            let error = connector.masked(report.error(owner: connector.owner, command: command, exitCode: code))
            throw container?.explained(error, exitCode: code) ?? error
        }
    }

    /// Ends the program, with all that it has started.
    func abandon() {
        process.group.send(SIGTERM)
        _ = process.end(killing: true)
        container?.kill()
        end()
    }

    private func stopping(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            abandon()
            throw error
        }
    }

    private func take(_ bytes: [UInt8], _ body: (inout ConnectorLine) throws -> Bool) throws {
        lastNews = .now
        var line = ConnectorLine(bytes)
        if let message = line.message, try handle(message) { return }
        if try !body(&line) { report.log(String(decoding: bytes, as: UTF8.self)) }
    }

    private func tick() throws {
        if options.isCancelled() { throw CancellationError() }
        if ContinuousClock.now - lastNews > options.heartbeat {
            throw ConnectorError(
                .process, "the connector of \(connector.owner) has said nothing for \(options.heartbeat)",
                hint: "it may hang, or wait for somebody; LEAT_HEARTBEAT_SECONDS says how long is too long",
                failureType: .transient)
        }
    }

    /// Takes the messages that have nothing to do with the question.
    private func handle(_ message: JSON) throws -> Bool {
        switch message["type"]?.string {
        case "LOG": report.log("\(message["log"]?["level"]?.string ?? ""): \(message["log"]?["message"]?.string ?? "")")
        case "TRACE": report.trace(message["trace"] ?? .null)
        case "CONTROL":
            guard message["control"]?["type"] == "CONNECTOR_CONFIG",
                let config = message["control"]?["connectorConfig"]?["config"]
            else { return true }
            try connector.config.keep(config)
        default: return false
        }
        return true
    }
}

import Documents
import Processes
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Talks to a connector that is a program of its own: a process for each command.
final class ExternalConversation {
    let connector: ExternalConnector
    let options: SessionOptions
    private let running = Running()

    /// The process under way, for other threads.
    final class Running: Sendable {
        private let group = Mutex<ProcessGroup?>(nil)
        func set(_ group: ProcessGroup?) { self.group.withLock { $0 = group } }
        func send(_ signal: Int32) { group.withLock { $0 }?.send(signal) }
    }

    init(_ connector: ExternalConnector, _ options: SessionOptions) {
        self.connector = connector
        self.options = options
    }

    var interrupt: Interrupt {
        Interrupt(cancel: { [running] in running.send(SIGTERM) }, abort: { [running] in running.send(SIGKILL) })
    }

    func close() { running.send(SIGKILL) }

    func check() throws(ConnectorError) -> CheckReport {
        var status: JSON?
        try converse(["check"]) { message in if message["type"] == "CONNECTION_STATUS" { status = message["connectionStatus"] } }
        guard let status else { throw silent("check", "CONNECTION_STATUS") }
        let text = status["message"]?.string
        guard status["status"] == "SUCCEEDED" else {
            throw ConnectorError(
                connector.role == .source ? .source : .destination,
                "the connector says: \(connector.masked(text ?? "the check failed"))",
                hint: "look at the config of \(connector.owner)")
        }
        return CheckReport(connector.label, remarks: text.map { [$0] } ?? [])
    }

    func silent(_ command: String, _ type: String) -> ConnectorError {
        ConnectorError(
            .process, "the connector of \(connector.owner) ended \(command) without a message \(type)", failureType: .system)
    }

    /// Runs the connector with a command that has no records to send.
    func converse(_ words: [String], _ body: (JSON) -> Void) throws(ConnectorError) {
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
    ///   - files: options and the JSON of the file that each names, beside the config.
    ///   - body: takes a line; false if it is no message but something for the log.
    /// - Throws: ``ConnectorError`` if the connector fails, whatever `body` throws, or `CancellationError`.
    func run(_ words: [String], files: [(option: String, content: JSON)], _ body: (inout ConnectorLine) throws -> Bool) throws {
        let exchange = try begin(words, files: files, hasInput: false)
        try exchange.finish(body)
    }

    /// Starts the connector.
    func begin(
        _ words: [String], files: [(option: String, content: JSON)], hasInput: Bool
    ) throws(ConnectorError) -> ExternalExchange {
        if words != ["spec"] { try checkConfig() }
        return try ExternalExchange(connector, words, files: files, options: options, running: running, hasInput: hasInput)
    }

    /// Holds the config against the connector's spec, which is asked for when it is not known, and again where an old one is not met.
    private func checkConfig() throws(ConnectorError) {
        if connector.specs.spec != nil {
            do {
                return try connector.checkConfig()
            } catch {
                if connector.specs.isFresh { throw error }
            }
        } else if connector.specs.isFresh {
            return
        }
        var found: JSON?
        do {
            try converse(["spec"]) { message in
                if message["type"] == "SPEC" { found = message["spec"]?["connectionSpecification"] }
            }
        } catch {
            // It will fail once more in what it is really wanted for, and say why.
            if options.isCancelled() { throw error }
            return
        }
        connector.specs.keep(found.map(ExternalSpec.init))
        try connector.checkConfig()
    }
}

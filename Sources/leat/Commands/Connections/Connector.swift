import ArgumentParser
import Connectors
import Documents
import Foundation

struct Connector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a built-in connector on its own, as a program that speaks the Airbyte protocol.",
        discussion: """
            What it says comes as Airbyte messages, one a line, on standard output; also failures, which end it with 1. \
            The connectors are postgres-source, postgres-destination and file-source, and go by Airbyte's names too.
            """)

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case spec, check, discover, read, write
    }

    @Argument(help: "Name of the connector.")
    var name: String

    @Argument(help: "What it is to do: \(Action.allCases.map(\.rawValue).joined(separator: ", ")).")
    var action: Action

    @Option(name: .long, help: "File with the config, as JSON.")
    var config: String?

    @Option(name: .long, help: "File with the configured catalog, as JSON; for read and write.")
    var catalog: String?

    @Option(name: .long, help: "File with the states of the last read, as JSON; for read.")
    var state: String?

    @Flag(name: .long, help: .hidden)
    var debug = false

    mutating func validate() throws {
        if action != .spec, config == nil { throw ValidationError("\(action.rawValue) needs --config") }
        if action == .read || action == .write, catalog == nil { throw ValidationError("\(action.rawValue) needs --catalog") }
    }

    mutating func run() async throws {
        let (action, name) = (action, name)
        let program = Self.Work(
            action: action, name: name, config: try json(config), catalog: try json(catalog),
            state: try state.map { try json($0) })
        let hasSucceeded = try await BlockingThread.run("leat-connector") { program.run() }
        if !hasSucceeded { throw ExitCode.failure }
    }

    private func json(_ path: String?) throws -> JSON {
        guard let path else { return [:] }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DocumentError(.unreadable, "the file \(path) cannot be read")
        }
        return try JSON(parsing: Array(data), file: path)
    }

    /// What is to be done, on a thread that may block.
    private struct Work: Sendable {
        let action: Action
        let name: String
        let config: JSON
        let catalog: JSON
        let state: JSON?

        /// - Returns: whether it succeeded; why not was said in a message.
        func run() -> Bool {
            do {
                let program = try ConnectorProgram(name) { Interruption.happened }
                switch action {
                case .spec: try program.describe()
                case .check: try program.check(config)
                case .discover: try program.discover(config)
                case .read: return try program.read(config, catalog: catalog, state: state)
                case .write: try program.write(config, catalog: catalog)
                }
                return true
            } catch {
                Output.write(AirbyteMessage.error(error).text())
                return false
            }
        }
    }
}

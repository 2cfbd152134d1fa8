import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

/// Where things outside are reached, and as whom.
struct ConnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conn",
        abstract: "Connections in Airflow's sense, for `conn.ID.host` and the like in the templates of tasks.",
        subcommands: [
            ConnList.self, ConnGet.self, ConnSet.self, ConnDelete.self, ConnImport.self, ConnExport.self,
        ], defaultSubcommand: ConnList.self)
}

extension SealedValues.StoredConnection {
    /// Without what is secret.
    fileprivate var json: JSON {
        [
            "conn_id": .string(id), "conn_type": .string(type), "description": description.map { .string($0) } ?? .null,
            "host": host.map { .string($0) } ?? .null, "schema": schema.map { .string($0) } ?? .null,
            "login": login.map { .string($0) } ?? .null, "password": password == nil ? .null : "***",
            "port": port.map { .int($0) } ?? .null, "extra": extra == nil ? .null : "***",
        ]
    }
}

struct ConnList: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All connections, without what is secret.")

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let connections = try await options.openValues().vault.values().sealed.connections
        options.show(
            .array(connections.map(\.json)),
            connections.isEmpty
                ? "no connections yet: `leat conn set ID` makes one"
                : TextTable(
                    columns: ["id", "type", "host", "port", "schema", "login", "description"],
                    rows: connections.map {
                        [$0.id, $0.type, $0.host, $0.port.map(String.init), $0.schema, $0.login, $0.description]
                    }
                ).lines().joined(separator: "\n"))
    }
}

struct ConnGet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print a connection; with --reveal also what is secret.")

    @Argument(help: "Id of the connection.")
    var id: String

    @Flag(name: .long, help: "Also password and extra, in clear text.")
    var reveal = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let stored = try await options.openValues().vault.values()
        guard let sealed = stored.sealed.connections.first(where: { $0.id == id }) else {
            throw OrchestrateError.unknown("connection", id, among: stored.sealed.connections.map(\.id))
        }
        let object = reveal ? try stored.connection(id)?.json ?? .null : sealed.json
        options.show(
            object,
            (object.object?.entries ?? []).filter { !$0.value.isNull }
                .map { "\($0.key.padding(14))\($0.value.string ?? $0.value.text())" }.joined(separator: "\n"))
    }
}

struct ConnSet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Create a connection, or change fields of one.",
        discussion: """
            What is not named stays as it is. Password, extra and URI are secret, so they are asked for or read from standard input, \
            never arguments.
            """, aliases: ["add"])

    @Argument(help: "Id of the connection.")
    var id: String

    @Option(name: [.customLong("type"), .customLong("conn-type")], help: "Airflow's type, such as postgres or http.")
    var type: String?

    @Option(name: [.long, .customLong("conn-host")], help: "Host.")
    var host: String?

    @Option(name: [.long, .customLong("conn-port")], help: "Port.")
    var port: Int?

    @Option(name: [.long, .customLong("conn-schema")], help: "Database or schema.")
    var schema: String?

    @Option(name: [.long, .customLong("conn-login")], help: "User.")
    var login: String?

    @Option(name: [.long, .customLong("conn-description")], help: "What it is for.")
    var description: String?

    @Flag(help: "What is read from standard input, if anything.")
    var input: Input?

    @OptionGroup var options: ControlOptions

    enum Input: String, EnumerableFlag {
        case password, extra, uri
    }

    mutating func run() async throws {
        let vault = try options.openValues().vault
        var connection = try await vault.values().connection(id) ?? ExternalConnection(id: id)
        switch input {
        case .password: connection.password = try SecretInput.read("Password")
        case .extra:
            let text = try SecretInput.read("Extra (JSON)")
            connection.extra = ExternalConnection.extra(.string(text))
        case .uri: connection = try ExternalConnection(id: id, parsing: try SecretInput.read("URI"))
        case nil: break
        }
        if let type { connection.type = type }
        if let host { connection.host = host }
        if let port { connection.port = port }
        if let schema { connection.schema = schema }
        if let login { connection.login = login }
        if let description { connection.description = description }
        try await vault.set(connection)
        options.show(["conn_id": .string(id)], "\(id) is set")
    }
}

struct ConnDelete: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a connection.")

    @Argument(help: "Id of the connection.")
    var id: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await options.openValues().vault.removeConnection(id)
        options.show(["deleted": .string(id)], "\(id) is deleted")
    }
}

struct ConnImport: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Set the connections of a JSON file, as Airflow exports them.",
        discussion: "An object of ids: a URI, or an object of fields. Nothing is set where one of them is wrong.")

    @Argument(help: "The file; - for standard input.")
    var file: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        guard let members = try JSON(parsing: try SecretInput.file(file), file: file).object else {
            throw ValidationError("'\(file)' does not hold an object of ids and connections.")
        }
        let connections = try members.entries.map { entry in
            try entry.value.string.map { try ExternalConnection(id: entry.key, parsing: $0) }
                ?? ExternalConnection(id: entry.key, json: entry.value)
        }
        let vault = try options.openValues().vault
        for connection in connections { try await vault.set(connection) }
        options.show(["imported": .int(connections.count)], "\(Figures.counted(connections.count, "connection")) set")
    }
}

struct ConnExport: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all connections as JSON, for `leat conn import`.")

    @Flag(name: .long, help: "With passwords and extras, in clear text.")
    var reveal = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let stored = try await options.openValues().vault.values()
        var members = JSON.Members()
        for sealed in stored.sealed.connections {
            guard reveal else {
                var plain = ExternalConnection(id: sealed.id, type: sealed.type, description: sealed.description)
                plain.host = sealed.host
                plain.schema = sealed.schema
                plain.login = sealed.login
                plain.port = sealed.port
                members.append(sealed.id, plain.json)
                continue
            }
            if let connection = try stored.connection(sealed.id) { members.append(sealed.id, connection.json) }
        }
        Output.write(JSON.object(members).text(indent: 2))
    }
}

import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

/// Secrets, and the keys that they are encrypted with.
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "Secrets for `secret('NAME')` in templates, and the keys that encrypt what is kept.",
        discussion: """
            Keys come from LEAT_SECRET_KEY (several after commas: the first encrypts, all decrypt), from the file that LEAT_SECRET_KEY_FILE \
            names (one a line), or from .leat/secret.key, which is made when it is first needed.
            """,
        subcommands: [SecretList.self, SecretSet.self, SecretGet.self, SecretDelete.self, SecretRotate.self, SecretNewKey.self],
        defaultSubcommand: SecretList.self)
}

struct SecretList: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The names of all secrets.")

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let secrets = try await options.openValues().vault.values().sealed.secrets
        options.show(
            .array(
                secrets.map {
                    [
                        "name": .string($0.name), "description": $0.description.map { .string($0) } ?? .null,
                        "key": SecretBox.keyID(of: $0.value).map { .string($0) } ?? .null,
                        "updated_at": .string($0.updatedAt.description),
                    ]
                }),
            secrets.isEmpty
                ? "no secrets yet: `leat secrets set NAME` makes one"
                : TextTable(
                    columns: ["name", "key", "description"],
                    rows: secrets.map { [$0.name, SecretBox.keyID(of: $0.value), $0.description] }
                ).lines().joined(separator: "\n"))
    }
}

struct SecretSet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Create a secret, or give it another value.",
        discussion: "The value is asked for, or read from standard input. It is never an argument, for others can see those.")

    @Argument(help: "Name of the secret.")
    var name: String

    @Option(name: .long, help: "What it is for.")
    var description: String?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await options.openValues().vault.setSecret(name, try SecretInput.read("Value"), description: description)
        options.show(["name": .string(name)], "\(name) is set")
    }
}

struct SecretGet: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Print a secret.")

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let stored = try await options.openValues().vault.values()
        guard let value = try stored.secret(name) else {
            throw OrchestrateError.unknown("secret", name, among: stored.sealed.secrets.map(\.name))
        }
        options.show(["name": .string(name), "value": .string(value)], value)
    }
}

struct SecretDelete: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a secret.")

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await options.openValues().vault.removeSecret(name)
        options.show(["deleted": .string(name)], "\(name) is deleted")
    }
}

struct SecretRotate: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Encrypt everything anew: with a new key, or with the first of the environment's.",
        discussion: """
            A key of .leat/secret.key is replaced. Keys that LEAT_SECRET_KEY or LEAT_SECRET_KEY_FILE brings are yours to make: put a new \
            one before the old, rotate, and take the old one away.
            """)

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        // Before as well, so that none is left with a key that goes now.
        _ = try control.project.resealDefinitions()
        var (key, count) = try await control.vault.rotate()
        count += try control.project.resealDefinitions()
        options.show(
            ["key": .string(key), "values": .int(count)], "\(Figures.counted(count, "value")) encrypted with the key \(key)")
    }
}

struct SecretNewKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print a new key, for LEAT_SECRET_KEY or the file of LEAT_SECRET_KEY_FILE.")

    mutating func run() throws { Output.write(SecretKey.random().text) }
}

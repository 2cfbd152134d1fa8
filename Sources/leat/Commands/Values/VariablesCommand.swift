import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

/// Values for the templates of tasks.
struct VariablesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variables", abstract: "Values under names, for `var.value.NAME` in the templates of tasks.",
        subcommands: [
            VariableList.self, VariableGet.self, VariableSet.self, VariableDelete.self, VariableImport.self, VariableExport.self,
        ], defaultSubcommand: VariableList.self)
}

extension Variable.Kind: ExpressibleByArgument {}

extension Variable {
    /// - Parameter isRevealed: whether an encrypted value is shown.
    fileprivate func json(isRevealed: Bool) -> JSON {
        [
            "name": .string(name), "type": .string(type.rawValue), "value": isEncrypted && !isRevealed ? "***" : value,
            "description": description.map { .string($0) } ?? .null, "encrypted": .bool(isEncrypted),
        ]
    }

    fileprivate var text: String { value.string ?? value.text() }
}

struct VariableList: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All variables, those of leat.yml too.")

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.openValues()
        let stored = try await control.vault.values()
        let variables = stored.sealed.variables.map { variable -> [String?] in
            let value = variable.isEncrypted ? "***" : (try? JSON(parsing: variable.value)).map { $0.string ?? $0.text() }
            return [variable.name, variable.type.rawValue, value, variable.description]
        }
        options.show(
            .array(
                stored.sealed.variables.map { variable in
                    [
                        "name": .string(variable.name), "type": .string(variable.type.rawValue),
                        "value": variable.isEncrypted ? "***" : (try? JSON(parsing: variable.value)) ?? .null,
                        "description": variable.description.map { .string($0) } ?? .null,
                        "encrypted": .bool(variable.isEncrypted), "updated_at": .string(variable.updatedAt.description),
                    ]
                }),
            variables.isEmpty
                ? "no variables yet: `leat variables set NAME VALUE` makes one"
                : TextTable(columns: ["name", "type", "value", "description"], rows: variables).lines().joined(separator: "\n"))
    }
}

struct VariableGet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print the value of a variable, an encrypted one too.")

    @Argument(help: "Name of the variable.")
    var name: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let stored = try await options.openValues().vault.values()
        guard let variable = try stored.variable(name) else {
            throw OrchestrateError.unknown("variable", name, among: stored.sealed.variables.map(\.name))
        }
        options.show(variable.json(isRevealed: true), variable.text)
    }
}

struct VariableSet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Create a variable, or give it another value.",
        discussion: """
            With --encrypted the value is asked for, or read from standard input: arguments can be seen by others. Without VALUE it is \
            read from there as well.
            """)

    @Argument(help: "Name of the variable.")
    var name: String

    @Argument(help: "The value.")
    var value: String?

    @Option(name: .long, help: "string, int, float, bool or json; by default as before, as leat.yml declares it, or string.")
    var type: Variable.Kind?

    @Option(name: .long, help: "What it is for.")
    var description: String?

    @Flag(name: .long, inversion: .prefixedNo, help: "Keep it encrypted, and hide it from lists, logs and pages.")
    var encrypted: Bool?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.openValues()
        let known = try await control.vault.values().sealed.variables.first { $0.name == name }
        let declared = control.project.declaredVariables.first { $0.name == name }
        let isEncrypted = encrypted ?? known?.isEncrypted ?? declared?.isSecret ?? false
        if isEncrypted, value != nil {
            throw ValidationError("An encrypted value is not an argument, which others can see: give it on standard input.")
        }
        let variable = try Variable(
            name: name, type: type ?? known?.type ?? declared?.type ?? .string,
            value: .string(try value ?? SecretInput.read("Value")), description: description ?? known?.description,
            isEncrypted: isEncrypted)
        // Templates have it of the type that leat.yml says.
        _ = try declared?.type.value(from: variable.value, of: name, isSecret: isEncrypted)
        try await control.vault.set(variable)
        options.show(variable.json(isRevealed: false), "\(name) is set")
    }
}

struct VariableDelete: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a variable.")

    @Argument(help: "Name of the variable.")
    var name: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await options.openValues().vault.removeVariable(name)
        options.show(["deleted": .string(name)], "\(name) is deleted")
    }
}

struct VariableImport: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Set the variables of a JSON file, as Airflow exports them.",
        discussion: """
            An object of names: a value, whose type is taken from it, or {"value": ..., "type": ..., "description": ..., "encrypted": \
            ...}. Nothing is set where one of them is wrong.
            """)

    @Argument(help: "The file; - for standard input.")
    var file: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        guard let members = try JSON(parsing: try SecretInput.file(file), file: file).object else {
            throw ValidationError("'\(file)' does not hold an object of names and values.")
        }
        let variables = try members.entries.map { try Self.variable($0.key, $0.value) }
        let vault = try options.openValues().vault
        for variable in variables { try await vault.set(variable) }
        options.show(["imported": .int(variables.count)], "\(Figures.counted(variables.count, "variable")) set")
    }

    private static let fields: Set<String> = ["value", "type", "description", "encrypted"]

    private static func variable(_ name: String, _ content: JSON) throws -> Variable {
        guard let members = content.object, let value = members["value"], fields.isSuperset(of: members.keys) else {
            return try Variable(name: name, type: Variable.Kind(of: content), value: content)
        }
        var type = Variable.Kind(of: value)
        if let given = members["type"] {
            guard let known = given.string.flatMap(Variable.Kind.init(rawValue:)) else {
                throw ValidationError("The type of '\(name)' must be string, int, float, bool or json.")
            }
            type = known
        }
        return try Variable(
            name: name, type: type, value: value, description: members["description"]?.string,
            isEncrypted: members["encrypted"]?.bool ?? false)
    }
}

struct VariableExport: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all variables as JSON, for `leat variables import`.")

    @Flag(name: .long, help: "Also those that are kept encrypted, in clear text.")
    var reveal = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let stored = try await options.openValues().vault.values()
        var members = JSON.Members()
        for sealed in stored.sealed.variables where reveal || !sealed.isEncrypted {
            guard let variable = try stored.variable(sealed.name), case .object(var object) = variable.json(isRevealed: true)
            else {
                continue
            }
            object["name"] = nil
            if variable.description == nil { object["description"] = nil }
            members.append(variable.name, .object(object))
        }
        Output.write(JSON.object(members).text(indent: 2))
        let hidden = reveal ? 0 : stored.sealed.variables.count(where: \.isEncrypted)
        if hidden > 0 {
            Output.write("\(Figures.counted(hidden, "encrypted variable")) left out: --reveal has them too.", to: .standardError)
        }
    }
}

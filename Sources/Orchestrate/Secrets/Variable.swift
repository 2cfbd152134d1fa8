package import Documents

/// A value under a name, for the templates of tasks: Airflow's variables, with a type.
package struct Variable: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case string, int, float, bool, json
    }

    package var name: String
    package var type: Kind
    package var value: JSON
    package var description: String?
    /// Whether it is kept encrypted, and hidden from lists, logs and pages.
    package var isEncrypted: Bool

    /// - Throws: `OrchestrateError` with code `variable.bad_value` where the value is not of the type.
    package init(
        name: String, type: Kind, value: JSON, description: String? = nil, isEncrypted: Bool = false
    ) throws(OrchestrateError) {
        self.name = name
        self.type = type
        self.value = try type.value(from: value, of: name, isSecret: isEncrypted)
        self.description = description
        self.isEncrypted = isEncrypted
    }
}

extension Variable.Kind {
    /// The type of a value that comes without one.
    package init(of value: JSON) {
        self =
            switch value {
            case .string: .string
            case .int: .int
            case .double: .float
            case .bool: .bool
            case .null, .array, .object: .json
            }
    }

    /// A value as the type has it: a text is read as what the type says.
    /// - Parameter isSecret: whether errors must not quote it.
    /// - Throws: `OrchestrateError` with code `variable.bad_value`.
    package func value(from given: JSON, of name: String, isSecret: Bool = false) throws(OrchestrateError) -> JSON {
        let text = given.string
        let found: JSON? =
            switch self {
            case .string: text.map { .string($0) } ?? (given.isNull ? nil : .string(given.text()))
            case .int: (given.int ?? text.flatMap { Int($0) }).map { .int($0) }
            case .float: (given.double ?? text.flatMap { Double($0) }).flatMap { $0.isFinite ? .double($0) : nil }
            case .bool: given.bool.map { .bool($0) } ?? text.flatMap(Self.bool)
            case .json:
                if let text { try? JSON(parsing: text) } else { given }
            }
        if let found { return found }
        let quoted = isSecret ? "the value" : "'\(text ?? given.text())'"
        let example: [Variable.Kind: String] = [
            .string: "a text", .int: "such as 100", .float: "such as 0.5", .bool: "true or false",
            .json: #"such as {"a": [1, 2]}"#,
        ]
        throw OrchestrateError(
            .badVariable, "the variable '\(name)' is of the type \(rawValue), and \(quoted) is not",
            hint: example[self])
    }

    private static func bool(_ text: String) -> JSON? {
        switch text.lowercased() {
        case "true", "yes", "on", "1": .bool(true)
        case "false", "no", "off", "0": .bool(false)
        default: nil
        }
    }
}

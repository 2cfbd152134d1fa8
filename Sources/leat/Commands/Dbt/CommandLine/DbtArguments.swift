import Documents

/// A command line of dbt's, taken apart.
struct DbtArguments: Sendable {
    /// The value of an option.
    enum Value: Sendable, Hashable {
        case flag(Bool)
        case text(String)
        case integer(Int)
        case words([String])
        case mapping(JSON.Members)
    }

    /// Nil where only the version or the list of commands is asked for.
    var command: DbtCommand?
    /// What the command line says, by the options' keys.
    var given: [String: Value] = [:]
    /// What the environment says.
    var fromEnvironment: [String: Value] = [:]
    /// The argument without an option.
    var positional: String?
    /// All words after the program's name.
    var words: [String] = []
    /// The `flags:` of dbt_project.yml: the weakest of the three.
    var projectFlags = JSON.Members()

    func value(_ key: String) -> Value? { given[key] ?? fromEnvironment[key] }

    /// What artifacts keep of a command line, as values of the options again.
    static func values(of options: [DbtOption], in members: JSON.Members) -> [String: Value] {
        var values: [String: Value] = [:]
        for option in options {
            guard let member = members[option.key] else { continue }
            switch member {
            case .bool(let flag): values[option.key] = .flag(flag)
            case .int(let number): values[option.key] = .integer(number)
            case .string(let text): values[option.key] = .text(text)
            case .array(let words): values[option.key] = .words(words.compactMap(\.string))
            case .object(let mapping): values[option.key] = .mapping(mapping)
            case .null, .double: break
            }
        }
        return values
    }

    func flag(_ key: String, default fallback: Bool = false) -> Bool {
        if case .flag(let value)? = value(key) { return value }
        return projectFlags[key]?.bool ?? fallback
    }

    func text(_ key: String) -> String? {
        switch value(key) {
        case .text(let text)?: text
        default: projectFlags[key]?.string
        }
    }

    func integer(_ key: String) -> Int? {
        if case .integer(let value)? = value(key) { return value }
        return projectFlags[key]?.int
    }

    func words(_ key: String) -> [String] {
        if case .words(let words)? = value(key) { return words }
        return []
    }

    func mapping(_ key: String) -> JSON.Members? {
        if case .mapping(let members)? = value(key) { return members }
        return projectFlags[key]?.object
    }
}

import Diagnostics
package import Documents

/// A connector's configuration after it was checked: every field is there with its type, or has its default.
package struct Configuration: Sendable {
    private let values: JSON.Members
    /// Whose it is, for errors.
    let owner: String

    /// Checks `json` against `spec`.
    ///
    /// - Parameter owner: whose configuration it is, for errors: `source 'clients'`.
    /// - Throws: ``ConnectorError`` that names every field which is missing, unknown or of the wrong type.
    package init(_ json: JSON, spec: ConnectorSpec, owner: String) throws(ConnectorError) {
        self.owner = owner
        guard case .object(let members) = json else {
            throw ConnectorError(
                .configuration, "the config of \(owner) is not a mapping",
                hint: "it has the fields \(spec.fields.map(\.name).joined(separator: ", "))")
        }
        var problems: [ConfigProblem] = []
        values = Self.checked(members, fields: spec.fields, path: "", problems: &problems)
        guard let first = problems.first else { return }
        var error = ConnectorError(.configuration, "config of \(owner): \(first.text)", hint: first.hint)
        error.field = first.field
        error.details = problems.dropFirst().map { "also: \($0.text)" + ($0.hint.map { " (\($0))" } ?? "") }
        throw error
    }

    private static func checked(
        _ members: JSON.Members, fields: [ConfigField], path: String, problems: inout [ConfigProblem]
    ) -> JSON.Members {
        var values = JSON.Members()
        for entry in members.entries where !fields.contains(where: { $0.name == entry.key }) {
            let renamed = fields.first { $0.otherNames.contains(entry.key.lowercased()) }?.name
            let hint =
                renamed.map { "did you mean '\($0)'?" }
                ?? Suggestion.hint(for: entry.key, in: fields.map(\.name))
                ?? "fields are \(fields.map(\.name).joined(separator: ", "))"
            problems.append(ConfigProblem(text: "unknown field '\(path)\(entry.key)'", hint: hint, field: path + entry.key))
        }
        for field in fields {
            guard let given = members[field.name], !given.isNull else {
                if let value = field.defaultValue {
                    values[field.name] = value
                } else if field.isRequired {
                    problems.append(
                        ConfigProblem(
                            text: "field '\(path)\(field.name)' is missing", hint: "it is \(field.summary)",
                            field: String(path.dropLast())))
                }
                continue
            }
            if let value = checked(given, field: field, path: path, problems: &problems) { values[field.name] = value }
        }
        return values
    }

    private static func checked(
        _ given: JSON, field: ConfigField, path: String, problems: inout [ConfigProblem]
    ) -> JSON? {
        func wrong(_ expected: String, hint: String? = nil) -> JSON? {
            let shown = field.isSecret ? "" : ", not \(given.text())"
            problems.append(
                ConfigProblem(
                    text: "field '\(path)\(field.name)' must be \(expected)\(shown)", hint: hint, field: path + field.name))
            return nil
        }
        switch field.kind {
        case .string:
            // A password or a database of digits only arrives from YAML as a number.
            if case .int(let number) = given { return .string(String(number)) }
            return given.string == nil ? wrong("a string") : given
        case .boolean:
            // Values that come out of a template are strings.
            if let word = given.string?.lowercased(), word == "true" || word == "false" { return .bool(word == "true") }
            return given.bool == nil ? wrong("true or false") : given
        case .ignored:
            return given
        case .integer(let range):
            guard let number = given.int ?? given.string.flatMap({ Int($0) }) else { return wrong("a whole number") }
            guard range.contains(number) else { return wrong("from \(range.lowerBound) to \(range.upperBound)") }
            return .int(number)
        case .strings:
            if given.string != nil { return [given] }
            let items = given.array?.compactMap(\.string) ?? []
            return items.isEmpty || items.count != given.array?.count ? wrong("a list of strings") : given
        case .choice(let words):
            guard let word = given.string else { return wrong("one of \(words.joined(separator: ", "))") }
            return words.contains(word)
                ? given : wrong("one of \(words.joined(separator: ", "))", hint: Suggestion.hint(for: word, in: words))
        case .map(let words):
            guard let entries = given.object?.entries else { return wrong("a mapping of names to types") }
            for entry in entries where !words.contains(entry.value.string ?? "") {
                let word = entry.value.string ?? entry.value.text()
                return wrong(
                    "a mapping to one of \(words.joined(separator: ", "))", hint: Suggestion.hint(for: word, in: words))
            }
            return given
        case .object(let fields, let shortForm):
            var members = given.object
            if members == nil, let shortForm { members = JSON.Members([(shortForm, given)]) }
            guard let members else { return wrong("a mapping") }
            return .object(checked(members, fields: fields, path: "\(path)\(field.name).", problems: &problems))
        }
    }

    /// The value of a field; nil where it was not given and has no default.
    package subscript(name: String) -> JSON? { values[name] }

    /// A string that is required or has a default.
    package func string(_ name: String) -> String { values[name]?.string ?? "" }
    package func int(_ name: String) -> Int { values[name]?.int ?? 0 }
    package func bool(_ name: String) -> Bool { values[name]?.bool ?? false }
    package func strings(_ name: String) -> [String] { values[name]?.array?.compactMap(\.string) ?? [] }
}

/// One thing that is wrong with a configuration.
private struct ConfigProblem {
    var text: String
    var hint: String?
    var field: [String]

    /// - Parameter field: names with dots between them.
    init(text: String, hint: String?, field: String) {
        self.text = text
        self.hint = hint
        self.field = field.split(separator: ".").map(String.init)
    }
}

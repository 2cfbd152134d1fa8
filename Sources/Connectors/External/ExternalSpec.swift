import Documents

/// What an external connector says its config must be: the JSON Schema of its `spec`.
///
/// Looked at are the words that Airbyte's connectors use for structure. Values are not quoted: any of them may be a secret.
struct ExternalSpec: Sendable, Hashable {
    /// `connectionSpecification`.
    let schema: JSON

    /// A part of a config that does not fit.
    struct Problem: Hashable {
        /// The names that lead to it.
        var field: [String]
        var text: String

        /// `credentials.token must be a text`.
        var sentence: String { "field '\(field.joined(separator: "."))' \(text)" }
    }

    func problems(of config: JSON) -> [Problem] { Self.problems(config, schema, []) }

    /// The values of the fields that are marked as secret.
    func secrets(in config: JSON) -> [String] { Self.secrets(config, schema) }

    private static func problems(_ value: JSON, _ schema: JSON, _ path: [String]) -> [Problem] {
        let types = schema["type"]?.string.map { [$0] } ?? schema["type"]?.array?.compactMap(\.string) ?? []
        if !types.isEmpty, !types.contains(where: { isA($0, value) }) {
            return [Problem(field: path, text: "must be \(types.map(words).joined(separator: " or "))")]
        }
        var problems: [Problem] = []
        if let allowed = schema["enum"]?.array ?? schema["const"].map({ [$0] }), !allowed.contains(value) {
            problems.append(
                Problem(field: path, text: "must be \(allowed.map { $0.string ?? $0.text() }.joined(separator: " or "))"))
        }
        if let number = value.double {
            if let least = schema["minimum"], number < least.double ?? number {
                problems.append(Problem(field: path, text: "must be at least \(least.text())"))
            }
            if let most = schema["maximum"], number > most.double ?? number {
                problems.append(Problem(field: path, text: "must be at most \(most.text())"))
            }
        }
        for (index, item) in (value.array ?? []).enumerated() {
            if let inner = schema["items"] { problems += self.problems(item, inner, path + ["\(index)"]) }
        }
        if let members = value.object {
            for name in schema["required"]?.array?.compactMap(\.string) ?? [] where members[name]?.isNull ?? true {
                let title = schema["properties"]?[name]?["title"]?.string
                problems.append(Problem(field: path + [name], text: "is missing" + (title.map { " (\($0))" } ?? "")))
            }
            for entry in members.entries where !entry.value.isNull {
                if let inner = schema["properties"]?[entry.key] {
                    problems += self.problems(entry.value, inner, path + [entry.key])
                } else if schema["additionalProperties"]?.bool == false {
                    problems.append(Problem(field: path + [entry.key], text: "is not known"))
                }
            }
        }
        return problems + choice(value, schema, path)
    }

    /// Of several shapes, the one that is meant is the one whose constants fit; else all are said to be wrong.
    private static func choice(_ value: JSON, _ schema: JSON, _ path: [String]) -> [Problem] {
        guard let choices = schema["oneOf"]?.array ?? schema["anyOf"]?.array, !choices.isEmpty else { return [] }
        let all = choices.map { problems(value, $0, path) }
        if all.contains(where: \.isEmpty) { return [] }
        let meant = choices.indices.first { index in
            let constants = (choices[index]["properties"]?.object?.entries ?? []).filter { $0.value["const"] != nil }
            return !constants.isEmpty && constants.allSatisfy { value[$0.key] == $0.value["const"] }
        }
        if let meant { return all[meant] }
        let titles = choices.compactMap { $0["title"]?.string }
        return [
            Problem(field: path, text: "fits none of its choices" + (titles.isEmpty ? "" : ": \(titles.joined(separator: ", "))"))
        ]
    }

    private static func isA(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array), ("null", .null),
            ("integer", .int), ("number", .int), ("number", .double):
            true
        case ("integer", .double(let number)): number.rounded() == number
        case ("string", _), ("boolean", _), ("object", _), ("array", _), ("null", _), ("integer", _), ("number", _): false
        default: true
        }
    }

    private static func words(_ type: String) -> String {
        switch type {
        case "string": "a text"
        case "integer": "a whole number"
        case "number": "a number"
        case "boolean": "true or false"
        case "array": "a list"
        case "object": "a mapping"
        default: type
        }
    }

    private static func secrets(_ value: JSON, _ schema: JSON) -> [String] {
        if schema["airbyte_secret"]?.bool == true { return texts(value) }
        var found: [String] = []
        for choice in (schema["oneOf"]?.array ?? []) + (schema["anyOf"]?.array ?? []) { found += secrets(value, choice) }
        for entry in value.object?.entries ?? [] {
            if let inner = schema["properties"]?[entry.key] { found += secrets(entry.value, inner) }
        }
        for item in value.array ?? [] { if let inner = schema["items"] { found += secrets(item, inner) } }
        return found
    }

    /// All texts and numbers in a value.
    private static func texts(_ value: JSON) -> [String] {
        if let members = value.object { return members.entries.flatMap { texts($0.value) } }
        if let items = value.array { return items.flatMap(texts) }
        return value.string.map { [$0] } ?? (value.isNull || value.bool != nil ? [] : [value.text()])
    }
}

import Diagnostics
import Documents

/// Looks at one value, and at those inside it.
struct SchemaCheck {
    /// Where the value is, as `filter.days[0]`.
    let path: String

    func problems(of value: JSON, _ schema: JSON) -> [String] {
        if let isAllowed = schema.bool { return isAllowed ? [] : ["\(path) must not be there"] }
        if let problem = problemOfType(value, ValueSchema.names(schema["type"])) { return [problem] }
        var problems = general(value, schema)
        switch value {
        case .int, .double: problems += number(value.double ?? 0, schema)
        case .string(let text): problems += string(text, schema)
        case .array(let items): problems += array(items, schema)
        case .object(let members): problems += object(members, schema)
        case .null, .bool: break
        }
        return problems + combinations(value, schema)
    }

    private func problemOfType(_ value: JSON, _ types: [String]) -> String? {
        guard !types.isEmpty, !types.contains(where: { Self.isA($0, value) }) else { return nil }
        return "\(path) must be \(types.map(Self.words).joined(separator: " or ")), not \(value.text())"
    }

    private static func isA(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array), ("null", .null), ("integer", .int),
            ("number", .int), ("number", .double):
            true
        case ("integer", .double(let number)): number.rounded() == number
        default: false
        }
    }

    private static func words(_ type: String) -> String {
        switch type {
        case "string": "a text"
        case "integer": "a whole number"
        case "number": "a number"
        case "boolean": "true or false"
        case "array": "a list"
        case "object": "an object"
        default: "null"
        }
    }

    /// Equal as JSON Schema means it: 1 and 1.0 are the same.
    private static func isEqual(_ a: JSON, _ b: JSON) -> Bool {
        if case .string = a { return a == b }
        if let a = a.double, let b = b.double { return a == b }
        return a == b
    }

    private func general(_ value: JSON, _ schema: JSON) -> [String] {
        if let allowed = schema["enum"]?.array, !allowed.contains(where: { Self.isEqual($0, value) }) {
            let names = allowed.map { $0.string ?? $0.text() }
            let meant = value.string.flatMap { Suggestion.hint(for: $0, in: names) }.map { ": \($0)" } ?? ""
            return ["\(path) must be one of \(names.joined(separator: ", ")), not \(value.text())\(meant)"]
        }
        if let only = schema["const"], !Self.isEqual(only, value) {
            return ["\(path) must be \(only.text()), not \(value.text())"]
        }
        return []
    }

    private func number(_ value: Double, _ schema: JSON) -> [String] {
        var problems: [String] = []
        func check(_ key: String, _ words: String, _ holds: (Double) -> Bool) {
            guard let limit = schema[key], let number = limit.double, !holds(number) else { return }
            problems.append("\(path) must be \(words) \(limit.text()), not \(JSON.double(value).shortNumber)")
        }
        check("minimum", "at least") { value >= $0 }
        check("maximum", "at most") { value <= $0 }
        check("exclusiveMinimum", "above") { value > $0 }
        check("exclusiveMaximum", "below") { value < $0 }
        check("multipleOf", "a multiple of") { $0 != 0 && (value / $0).rounded() == value / $0 }
        return problems
    }

    private func string(_ text: String, _ schema: JSON) -> [String] {
        var problems: [String] = []
        let length = text.unicodeScalars.count
        if let limit = schema["minLength"]?.int, length < limit {
            problems.append("\(path) must have at least \(limit) character\(limit == 1 ? "" : "s"), not \(length)")
        }
        if let limit = schema["maxLength"]?.int, length > limit {
            problems.append("\(path) must have at most \(limit) character\(limit == 1 ? "" : "s"), not \(length)")
        }
        if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            problems.append("\(path) must match \(pattern), which '\(text)' does not")
        }
        if let format = schema["format"]?.string, !Self.hasFormat(format, text) {
            problems.append("\(path) must be a \(format), which '\(text)' is not")
        }
        return problems
    }

    private static func hasFormat(_ format: String, _ text: String) -> Bool {
        switch format {
        case "date": text.utf8.count == 10 && (try? Timestamp(parsing: text)) != nil
        case "date-time": text.utf8.count > 10 && (try? Timestamp(parsing: text)) != nil
        case "time": (try? Timestamp(parsing: "2000-01-01T\(text)")) != nil
        case "uuid":
            text.wholeMatch(of: /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/) != nil
        case "email": text.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil
        case "uri": text.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\S+/) != nil
        case "duration": (try? Duration(parsing: text)) != nil
        default: true
        }
    }

    private func array(_ items: [JSON], _ schema: JSON) -> [String] {
        var problems: [String] = []
        if let limit = schema["minItems"]?.int, items.count < limit {
            problems.append("\(path) must have at least \(limit) item\(limit == 1 ? "" : "s"), not \(items.count)")
        }
        if let limit = schema["maxItems"]?.int, items.count > limit {
            problems.append("\(path) must have at most \(limit) item\(limit == 1 ? "" : "s"), not \(items.count)")
        }
        if schema["uniqueItems"]?.bool == true, Set(items).count != items.count {
            problems.append("\(path) must have no item twice")
        }
        if let inner = schema["items"] {
            for (index, item) in items.enumerated() {
                problems += SchemaCheck(path: "\(path)[\(index)]").problems(of: item, inner)
            }
        }
        return problems
    }

    private func object(_ members: JSON.Members, _ schema: JSON) -> [String] {
        var problems: [String] = []
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            problems.append("\(path).\(name) is missing")
        }
        if let limit = schema["minProperties"]?.int, members.count < limit {
            problems.append("\(path) must have at least \(limit) member\(limit == 1 ? "" : "s"), not \(members.count)")
        }
        if let limit = schema["maxProperties"]?.int, members.count > limit {
            problems.append("\(path) must have at most \(limit) member\(limit == 1 ? "" : "s"), not \(members.count)")
        }
        let known = schema["properties"]?.object ?? JSON.Members()
        for entry in members.entries {
            let inner = SchemaCheck(path: "\(path).\(entry.key)")
            if let own = known[entry.key] {
                problems += inner.problems(of: entry.value, own)
            } else if schema["additionalProperties"]?.bool == false {
                let meant = Suggestion.hint(for: entry.key, in: known.keys).map { ": \($0)" } ?? ""
                problems.append("\(inner.path) is not known\(meant)")
            } else if let other = schema["additionalProperties"] {
                problems += inner.problems(of: entry.value, other)
            }
        }
        return problems
    }

    private func combinations(_ value: JSON, _ schema: JSON) -> [String] {
        var problems: [String] = []
        for inner in schema["allOf"]?.array ?? [] { problems += self.problems(of: value, inner) }
        if let choices = schema["anyOf"]?.array {
            let all = choices.map { self.problems(of: value, $0) }
            if !all.contains(where: \.isEmpty) { problems.append(all.compactMap(\.first).joined(separator: ", or ")) }
        }
        if let choices = schema["oneOf"]?.array {
            let all = choices.map { self.problems(of: value, $0) }
            let count = all.count(where: \.isEmpty)
            if count == 0 { problems.append(all.compactMap(\.first).joined(separator: ", or ")) }
            if count > 1 { problems.append("\(path) fits \(count) of the choices, and may fit only one") }
        }
        if let other = schema["not"], self.problems(of: value, other).isEmpty {
            problems.append("\(path) must not be \(value.text())")
        }
        return problems
    }
}

extension JSON {
    /// A number as people write it: 3, not 3.0.
    fileprivate var shortNumber: String {
        guard case .double(let number) = self, number.rounded() == number, abs(number) < 1e15 else { return text() }
        return String(Int(number))
    }
}

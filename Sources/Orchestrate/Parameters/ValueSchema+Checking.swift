import Diagnostics
import Documents

extension ValueSchema {
    /// Looks over a schema and those inside it.
    static func check(_ schema: JSON) throws(OrchestrateError) {
        if schema.bool != nil { return }
        guard let members = schema.object else { throw wrong("a schema is an object, not \(schema.text())") }
        for entry in members.entries {
            let key = entry.key
            guard keywords.contains(key) || annotations.contains(key) else {
                let known = keywords.union(annotations).sorted()
                throw wrong(
                    "a schema has no '\(key)'",
                    hint: Suggestion.hint(for: key, in: known) ?? "it has: \(known.joined(separator: ", "))")
            }
            try check(entry.value, of: key)
        }
    }

    private static func check(_ value: JSON, of key: String) throws(OrchestrateError) {
        switch key {
        case "type":
            let names = names(value)
            guard !names.isEmpty else { throw wrong("'type' is the name of a type or a list of names") }
            for name in names where !types.contains(name) {
                throw wrong(
                    "there is no type '\(name)'",
                    hint: Suggestion.hint(for: name, in: types) ?? "it is one of: \(types.joined(separator: ", "))")
            }
        case "enum", "examples", "required":
            guard value.array != nil else { throw wrong("'\(key)' is a list") }
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
            guard value.double != nil else { throw wrong("'\(key)' is a number, not \(value.text())") }
        case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
            guard let count = value.int, count >= 0 else {
                throw wrong("'\(key)' is a whole number, 0 or more, not \(value.text())")
            }
        case "uniqueItems":
            guard value.bool != nil else { throw wrong("'\(key)' is true or false") }
        case "pattern":
            guard let pattern = value.string, (try? Regex(pattern)) != nil else {
                throw wrong("'pattern' is a regular expression, which \(value.text()) is not")
            }
        case "format":
            guard let format = value.string, formats.contains(format) else {
                throw wrong(
                    "there is no format \(value.text())",
                    hint: Suggestion.hint(for: value.string ?? "", in: formats)
                        ?? "it is one of: \(formats.joined(separator: ", "))")
            }
        case "items", "additionalProperties", "not": try check(value)
        case "properties":
            guard let members = value.object else { throw wrong("'properties' is an object") }
            for entry in members.entries { try check(entry.value) }
        case "anyOf", "oneOf", "allOf":
            guard let items = value.array, !items.isEmpty else { throw wrong("'\(key)' is a list of schemas") }
            for item in items { try check(item) }
        default: break
        }
    }

    private static func wrong(_ message: String, hint: String? = nil) -> OrchestrateError {
        OrchestrateError(.badValue, message, hint: hint)
    }
}

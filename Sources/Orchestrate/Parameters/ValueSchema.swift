package import Documents

/// What a value may be: a JSON Schema, with the words of draft 7 that make sense for parameters.
///
/// A schema is checked when it is made, so that looking at values cannot fail.
package struct ValueSchema: Sendable, Hashable {
    /// As it was written.
    package let json: JSON

    /// The words that are looked at.
    static let keywords: Set<String> = [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
        "maxLength", "pattern", "format", "items", "minItems", "maxItems", "uniqueItems", "properties", "required",
        "additionalProperties", "minProperties", "maxProperties", "anyOf", "oneOf", "allOf", "not",
    ]
    /// The words that are for people.
    static let annotations: Set<String> = ["title", "description", "default", "examples", "$comment", "$schema"]

    static let types = ["string", "integer", "number", "boolean", "object", "array", "null"]
    static let formats = ["date", "date-time", "time", "uuid", "email", "uri", "duration"]

    /// - Throws: `OrchestrateError` with code `pipeline.bad_value`, where a word is not known or cannot have its value.
    package init(_ json: JSON) throws(OrchestrateError) {
        self.json = json
        try Self.check(json)
    }

    /// Everything that is wrong with a value, each with the path to it; empty where it fits.
    package func problems(of value: JSON, named name: String) -> [String] {
        SchemaCheck(path: name).problems(of: value, json)
    }

    /// The types that the schema names at its top; empty where it names none.
    package var typeNames: [String] { Self.names(json["type"]) }

    static func names(_ type: JSON?) -> [String] { type?.string.map { [$0] } ?? type?.array?.compactMap(\.string) ?? [] }
}

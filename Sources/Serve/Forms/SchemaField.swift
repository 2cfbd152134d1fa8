import Documents

/// A field of a form that is made from a JSON Schema: which kind of input it needs, and what is said about it.
///
/// The schema's words are those of draft 7, and those that Airbyte's connectors add: `airbyte_secret`, `order`, `group`,
/// `multiline`, `pattern_descriptor`, `airbyte_hidden`.
struct SchemaField {
    indirect enum Kind {
        case text, secret, lines
        case number(isInteger: Bool)
        /// Yes or no; where neither is given and nothing stands for it, it may stay open.
        case switched(mayStayOpen: Bool)
        case choice([JSON])
        /// Several of these.
        case choices([JSON])
        /// One text or number a line.
        case list(itemType: String)
        /// Anything, as JSON.
        case json
        /// A value that is always the same; nobody is asked.
        case fixed(JSON)
        case group([SchemaField])
        case oneOf([Variant])
    }

    /// One of the forms that a value may have.
    struct Variant {
        let title: String
        let fields: [SchemaField]
    }

    let key: String
    /// What the input is called: the keys from the top, each encoded, with dots between them.
    let name: String
    let schema: JSON
    let kind: Kind
    let isRequired: Bool

    var title: String { schema["title"]?.string ?? key.replacing("_", with: " ") }
    var defaultValue: JSON? { schema["default"] }

    /// What it is, without the markup that descriptions of connectors have.
    var hint: String {
        var words = (schema["description"]?.string ?? "").replacing(/<[^<>]*>/, with: "")
        let descriptor = schema["pattern_descriptor"]?.string
        if let descriptor, !words.contains(descriptor) { words += words.isEmpty ? descriptor : " Format: \(descriptor)." }
        return words
    }

    /// The first example, shown where nothing is typed.
    var example: String {
        guard let example = schema["examples"]?.array?.first ?? schema["examples"] else { return "" }
        return Self.text(example)
    }

    init(_ key: String, _ schema: JSON, parent: String, isRequired: Bool) {
        self.key = key
        self.schema = schema
        self.isRequired = isRequired
        let part = FormFields.encode(key).replacing(".", with: "%2E")
        let name = parent.isEmpty ? part : "\(parent).\(part)"
        self.name = name
        kind = Self.kind(of: schema, name: name, isRequired: isRequired)
    }

    /// The fields of an object's schema, in the order that it asks for.
    static func fields(of schema: JSON, parent: String) -> [SchemaField] {
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        let all = (schema["properties"]?.object?.entries ?? []).map { entry in
            SchemaField(entry.key, entry.value, parent: parent, isRequired: required.contains(entry.key))
        }
        return all.enumerated().sorted { a, b in
            (a.element.schema["order"]?.int ?? .max, a.offset) < (b.element.schema["order"]?.int ?? .max, b.offset)
        }.map(\.element)
    }

    private static func kind(of schema: JSON, name: String, isRequired: Bool) -> Kind {
        if let value = schema["const"] { return .fixed(value) }
        if schema["airbyte_hidden"]?.bool == true { return .fixed(schema["default"] ?? .null) }
        if let choices = schema["enum"]?.array { return choices.count == 1 && isRequired ? .fixed(choices[0]) : .choice(choices) }
        if let variants = schema["oneOf"]?.array, !variants.isEmpty, variants.allSatisfy({ $0["properties"]?.object != nil }) {
            return .oneOf(
                variants.enumerated().map { index, variant in
                    Variant(
                        title: variant["title"]?.string ?? "choice \(index + 1)",
                        fields: fields(of: variant, parent: "\(name)~\(index)"))
                })
        }
        let types = (schema["type"]?.string.map { [$0] } ?? schema["type"]?.array?.compactMap(\.string) ?? []).filter {
            $0 != "null"
        }
        guard types.count == 1 || schema["properties"] != nil else { return .json }
        switch types.first ?? "object" {
        case "string":
            if schema["airbyte_secret"]?.bool == true { return .secret }
            return schema["multiline"]?.bool == true ? .lines : .text
        case "integer": return .number(isInteger: true)
        case "number": return .number(isInteger: false)
        case "boolean": return .switched(mayStayOpen: !isRequired && schema["default"] == nil)
        case "array": return list(of: schema["items"] ?? .null)
        case "object" where schema["properties"]?.object?.isEmpty == false: return .group(fields(of: schema, parent: name))
        default: return .json
        }
    }

    private static func list(of items: JSON) -> Kind {
        if let choices = items["enum"]?.array { return .choices(choices) }
        guard let type = items["type"]?.string, ["string", "integer", "number"].contains(type) else { return .json }
        return .list(itemType: type)
    }

    /// A value as it stands in an input.
    static func text(_ value: JSON) -> String { value.string ?? (value.isNull ? "" : value.text()) }
}

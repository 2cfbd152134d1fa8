package import Documents

/// What a connector is called and how it is configured.
package struct ConnectorSpec: Sendable {
    package enum Role: String, Sendable {
        case source
        case destination
    }

    /// As leat.yml names it: `postgres`.
    package var name: String
    package var role: Role
    package var title: String
    /// Other names for it: Airbyte's connector and image names.
    package var aliases: [String]
    package var fields: [ConfigField]
    /// Whether the source itself knows where it ended, without a cursor field.
    package var hasOwnState = false

    package init(name: String, role: Role, title: String, aliases: [String], fields: [ConfigField]) {
        self.name = name
        self.role = role
        self.title = title
        self.aliases = aliases
        self.fields = fields
    }

    /// The configuration's JSON Schema, as Airbyte's `connectionSpecification` has it.
    package var connectionSpecification: JSON {
        guard case .object(var members) = Self.schema(of: fields) else { return .null }
        members["$schema"] = "http://json-schema.org/draft-07/schema#"
        members["title"] = .string("\(title) \(role.rawValue)")
        return .object(members)
    }

    /// The whole specification, as `ConnectorSpecification` of the Airbyte protocol has it.
    package var airbyteSpecification: JSON {
        var members = JSON.Members([
            ("protocol_version", "0.3.2"), ("supportsIncremental", true),
            ("connectionSpecification", connectionSpecification),
        ])
        if role == .destination {
            members["supported_destination_sync_modes"] = ["overwrite", "append", "append_dedup"]
        }
        return .object(members)
    }

    private static func schema(of fields: [ConfigField]) -> JSON {
        var properties = JSON.Members()
        for (order, field) in fields.enumerated() { properties[field.name] = schema(of: field, order: order) }
        return [
            "type": "object",
            "required": .array(fields.filter(\.isRequired).map { .string($0.name) }),
            "properties": .object(properties),
            "additionalProperties": false,
        ]
    }

    private static func schema(of field: ConfigField, order: Int) -> JSON {
        var members = JSON.Members()
        switch field.kind {
        case .string: members["type"] = "string"
        case .boolean: members["type"] = "boolean"
        case .integer(let range):
            members["type"] = "integer"
            members["minimum"] = .int(range.lowerBound)
            members["maximum"] = .int(range.upperBound)
        case .ignored: break
        case .strings:
            members["type"] = "array"
            members["items"] = ["type": "string"]
        case .choice(let words):
            members["type"] = "string"
            members["enum"] = .array(words.map { .string($0) })
        case .map(let words):
            members["type"] = "object"
            members["additionalProperties"] = ["type": "string", "enum": .array(words.map { .string($0) })]
        case .object(let fields, _):
            if case .object(let nested) = schema(of: fields) { members = nested }
        }
        members["description"] = .string(field.summary)
        members["order"] = .int(order)
        if let value = field.defaultValue { members["default"] = value }
        if field.isSecret { members["airbyte_secret"] = true }
        return .object(members)
    }
}

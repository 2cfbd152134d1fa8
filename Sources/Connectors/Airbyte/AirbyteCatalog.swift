package import Documents
package import Records

/// The catalog of a source as the Airbyte protocol writes it.
package enum AirbyteCatalog {
    /// `{"streams": [...]}`. Source: `AirbyteCatalog` of airbyte_protocol.yaml.
    package static func json(of catalog: Catalog) -> JSON {
        ["streams": .array(catalog.streams.filter(\.isReadable).map(json))]
    }

    private static func json(of stream: DiscoveredStream) -> JSON {
        var members = JSON.Members()
        members["name"] = .string(stream.descriptor.name)
        if let namespace = stream.descriptor.namespace { members["namespace"] = .string(namespace) }
        members["json_schema"] = schema(of: stream)
        members["supported_sync_modes"] = stream.supportsIncremental ? ["full_refresh", "incremental"] : ["full_refresh"]
        members["source_defined_cursor"] = .bool(stream.hasOwnCursor)
        members["default_cursor_field"] = .array(stream.defaultCursorField.map { [.string($0)] } ?? [])
        members["source_defined_primary_key"] = .array(stream.primaryKey.map { [.string($0)] })
        members["is_resumable"] = false
        return .object(members)
    }

    /// The JSON Schema of a stream's records.
    package static func schema(of stream: DiscoveredStream) -> JSON {
        var properties = JSON.Members()
        for field in stream.fields { properties.append(field.name, schema(of: field)) }
        return [
            "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": .object(properties),
            "additionalProperties": true,
        ]
    }

    /// Types and formats are those that Airbyte's own database sources write.
    private static func schema(of field: Field) -> JSON {
        func type(_ name: String, _ more: (String, JSON)...) -> JSON {
            .object(JSON.Members([("type", field.isNullable ? ["null", .string(name)] : .string(name))] + more))
        }
        return switch field.type {
        case .string: type("string")
        case .binaryData: type("string", ("contentEncoding", "base64"))
        case .boolean: type("boolean")
        case .integer: type("number", ("airbyte_type", "integer"))
        case .number: type("number")
        case .date: type("string", ("format", "date"))
        case .timestampWithTimeZone:
            type("string", ("format", "date-time"), ("airbyte_type", "timestamp_with_timezone"))
        case .timestampWithoutTimeZone:
            type("string", ("format", "date-time"), ("airbyte_type", "timestamp_without_timezone"))
        case .timeWithTimeZone: type("string", ("format", "time"), ("airbyte_type", "time_with_timezone"))
        case .timeWithoutTimeZone: type("string", ("format", "time"), ("airbyte_type", "time_without_timezone"))
        // A document may be anything.
        case .object:
            ["oneOf": .array((["array", "object", "string", "number", "boolean", "null"] as [JSON]).map { ["type": $0] })]
        case .array: type("array")
        }
    }
}

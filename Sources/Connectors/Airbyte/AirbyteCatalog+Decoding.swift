package import Documents
package import Records

extension AirbyteCatalog {
    /// Reads a catalog that a connector has sent.
    package static func catalog(from json: JSON) -> Catalog {
        Catalog(streams: (json["streams"]?.array ?? []).compactMap(stream))
    }

    private static func stream(_ json: JSON) -> DiscoveredStream? {
        guard let name = json["name"]?.string else { return nil }
        let properties = json["json_schema"]?["properties"]?.object?.entries ?? []
        let keys = (json["source_defined_primary_key"]?.array ?? []).compactMap(topLevel)
        var stream = DiscoveredStream(
            descriptor: StreamDescriptor(namespace: json["namespace"]?.string, name: name), kind: .endpoint,
            fields: properties.map { Field(name: $0.key, type: type(of: $0.value)) }, primaryKey: keys)
        stream.supportsIncremental = (json["supported_sync_modes"]?.array ?? []).contains("incremental")
        stream.hasOwnCursor = json["source_defined_cursor"]?.bool ?? false
        stream.defaultCursorField = json["default_cursor_field"].flatMap(topLevel)
        stream.definition = json
        return stream
    }

    /// A path of one name; deeper ones have no column.
    private static func topLevel(_ path: JSON) -> String? {
        path.array?.count == 1 ? path[0]?.string : nil
    }

    /// The type of a property, by the rules of Airbyte's destinations.
    static func type(of schema: JSON) -> LogicalType {
        if let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last {
            return wellKnown(String(name))
        }
        if let choices = (schema["oneOf"] ?? schema["anyOf"])?.array {
            let types = Set(choices.filter { $0["type"] != "null" }.map(type))
            return types.count == 1 ? types.first ?? .object : types == [.integer, .number] ? .number : .object
        }
        let names = Set((schema["type"]?.array ?? [schema["type"] ?? .null]).compactMap(\.string)).subtracting(["null"])
        if names.contains("object") || names.isEmpty { return .object }
        if names.contains("array") { return names.count == 1 ? .array : .object }
        if names.contains("string") { return names.count == 1 ? stringType(schema) : .string }
        if names.contains("number") { return schema["airbyte_type"] == "integer" ? .integer : .number }
        if names.contains("integer") { return names.contains("boolean") ? .string : .integer }
        return names == ["boolean"] ? .boolean : .object
    }

    private static func stringType(_ schema: JSON) -> LogicalType {
        let airbyte = schema["airbyte_type"]?.string
        switch schema["format"]?.string {
        case "date": return .date
        case "date-time": return airbyte == "timestamp_without_timezone" ? .timestampWithoutTimeZone : .timestampWithTimeZone
        case "time": return airbyte == "time_without_timezone" ? .timeWithoutTimeZone : .timeWithTimeZone
        default: break
        }
        switch airbyte {
        case "integer", "big_integer": return .integer
        case "big_number": return .number
        default: return schema["contentEncoding"] == "base64" ? .binaryData : .string
        }
    }

    private static func wellKnown(_ name: String) -> LogicalType {
        switch name {
        case "String": .string
        case "BinaryData": .binaryData
        case "Date": .date
        case "TimestampWithTimezone": .timestampWithTimeZone
        case "TimestampWithoutTimezone": .timestampWithoutTimeZone
        case "TimeWithTimezone": .timeWithTimeZone
        case "TimeWithoutTimezone": .timeWithoutTimeZone
        case "Number": .number
        case "Integer": .integer
        case "Boolean": .boolean
        default: .object
        }
    }
}

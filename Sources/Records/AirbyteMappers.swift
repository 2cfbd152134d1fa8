package import Documents

/// The mappers of a stream as Airbyte's API and its exports have them:
/// `{"name": "hashing", "mapperConfiguration": {"targetField": "email", "method": "SHA-256"}}`.
///
/// Airbyte's mappers work one after the other, each on the names that those before it have left; ours all speak of the source's.
/// Source of the format: `ConfiguredStreamMapper` of Airbyte's public API.
package struct AirbyteMappers {
    /// What came of the mappers.
    package private(set) var mappings: [StreamMapping] = []
    /// The source's names of fields that have another by now.
    private var sourceNames: [String: String] = [:]
    /// The fields whose values are other texts by now, by the source's names.
    private var changed: Set<String> = []

    package init() {}

    /// All mappers of a list, in their order.
    /// - Throws: ``MappingError``.
    package static func mappings(_ mappers: [JSON]) throws(MappingError) -> [StreamMapping] {
        var all = AirbyteMappers()
        for mapper in mappers { try all.add(mapper) }
        return all.mappings
    }

    /// Takes the next mapper.
    package mutating func add(_ mapper: JSON) throws(MappingError) {
        guard let name = (mapper["name"] ?? mapper["type"])?.string else { throw MappingError("a mapper has no name") }
        guard let config = mapper["mapperConfiguration"] ?? mapper["config"], config.object != nil else {
            throw MappingError("the mapper '\(name)' has no mapperConfiguration")
        }
        func text(_ key: String) throws(MappingError) -> String {
            guard let value = config[key]?.string, !value.isEmpty else {
                throw MappingError("the mapper '\(name)' lacks '\(key)'")
            }
            return value
        }
        switch name {
        case "hashing":
            let field = source(try text("targetField"))
            let word = try text("method")
            guard let method = HashMethod(name: word) else {
                throw MappingError(
                    "'\(word)' is not a method of hashing",
                    hint: "it is one of \(HashMethod.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            try change(field, .hash(field: field, method), suffix: config["fieldNameSuffix"]?.string)
        case "encryption":
            let field = source(try text("targetField"))
            let algorithm = try text("algorithm")
            let key = config[algorithm.uppercased() == "RSA" ? "publicKey" : "key"]?.string ?? ""
            let encryption = try Encryption(
                algorithm: algorithm, key: key, mode: config["mode"]?.string, padding: config["padding"]?.string)
            try change(field, .encrypt(field: field, encryption), suffix: config["fieldNameSuffix"]?.string)
        case "field-renaming": rename(source(try text("originalFieldName")), to: try text("newFieldName"))
        case "field-filtering": mappings.append(.remove(field: source(try text("targetField"))))
        case "row-filtering": mappings.append(.filter(try filter(config["conditions"] ?? .null)))
        default:
            throw MappingError(
                "'\(name)' is not a mapper",
                hint: "they are hashing, encryption, field-renaming, field-filtering and row-filtering")
        }
    }

    private func source(_ name: String) -> String { sourceNames[name] ?? name }

    private mutating func change(_ field: String, _ mapping: StreamMapping, suffix: String?) throws(MappingError) {
        guard changed.insert(field).inserted else {
            throw MappingError("the field '\(field)' is to be hashed or encrypted twice", hint: "once is enough")
        }
        mappings.append(mapping)
        guard let suffix, !suffix.isEmpty else { return }
        let name = sourceNames.first { $0.value == field }?.key ?? field
        rename(field, to: name + suffix)
    }

    private mutating func rename(_ field: String, to name: String) {
        for (old, source) in sourceNames where source == field { sourceNames[old] = nil }
        sourceNames[name] = field
        mappings.removeAll { if case .rename(field, _) = $0 { true } else { false } }
        mappings.append(.rename(field: field, to: name))
    }

    /// `{"type": "EQUAL", "fieldName": F, "comparisonValue": V}` or `{"type": "NOT", "conditions": [...]}`.
    private func filter(_ condition: JSON) throws(MappingError) -> RowFilter {
        switch condition["type"]?.string?.uppercased() {
        case "EQUAL":
            guard let name = condition["fieldName"]?.string, let value = condition["comparisonValue"] else {
                throw MappingError("the condition EQUAL needs fieldName and comparisonValue")
            }
            let field = source(name)
            guard !changed.contains(field) else {
                throw MappingError(
                    "rows are to be filtered by '\(name)' after it was hashed or encrypted",
                    hint: "put row-filtering before it; it compares the source's own value")
            }
            return .compare(column: field, .equals, value: value.string ?? value.text())
        case "NOT":
            let inner = condition["conditions"]?.array ?? []
            guard !inner.isEmpty else { throw MappingError("the condition NOT has no conditions") }
            var filters: [RowFilter] = []
            for condition in inner { filters.append(.not(try filter(condition))) }
            return filters.count == 1 ? filters[0] : .all(filters)
        case let word:
            throw MappingError("'\(word ?? "")' is not a condition of row-filtering", hint: "it is EQUAL or NOT")
        }
    }
}

import Diagnostics
import Documents
import Records

extension ConnectionEntry {
    static func stream(_ node: YAMLNode, of subject: String) throws -> Stream {
        var keys = try YAMLMapping(node, of: "a stream of \(subject)")
        let name = try keys.required("name").scalarText
        let stream = Stream(
            name: name,
            namespace: try keys.string("namespace"),
            syncMode: try keys.string("sync_mode") ?? "full_refresh_overwrite",
            cursorField: try keys.string("cursor_field"),
            primaryKey: try keys.strings("primary_key") ?? [],
            lookBack: try keys.string("look_back"),
            selectedFields: try keys.strings("selected_fields"),
            mappings: try mappings(keys.optional("mappings"), of: "the stream '\(name)'"),
            location: node.location)
        try keys.finish()
        return stream
    }

    private static func mappings(_ node: YAMLNode?, of stream: String) throws -> [StreamMapping] {
        guard let node else { return [] }
        guard let items = node.items else {
            throw DocumentError(.wrongType, "the mappings of \(stream) must be a list", location: node.location)
        }
        // Airbyte's mappers work on the names that those before them have left.
        var airbyte = AirbyteMappers()
        var mappings: [StreamMapping] = []
        for item in items {
            let isAirbyte = item.members?.contains { $0.key == "mapperConfiguration" } == true
            guard isAirbyte else {
                mappings.append(try mapping(item, of: stream))
                continue
            }
            try placed(item.location) { () throws(MappingError) in try airbyte.add(item.json) }
        }
        return mappings + airbyte.mappings
    }

    /// What `body` makes; its error gets a place.
    private static func placed<Value>(
        _ location: SourceLocation, _ body: () throws(MappingError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw DocumentError(.badValue, error.message, location: location, hint: error.hint)
        }
    }

    /// `{hash: F, method: sha256}`, `{encrypt: F, algorithm: AES, key: K}`, `{rename: F, to: G}`, `{remove: F}` or
    /// `{filter: F, equals: V}`.
    private static func mapping(_ node: YAMLNode, of stream: String) throws -> StreamMapping {
        var keys = try YAMLMapping(node, of: "a mapping of \(stream)")
        let mapping: StreamMapping
        if let field = try keys.string("hash") {
            let method = keys.optional("method")
            guard let known = HashMethod(name: method?.scalarText ?? HashMethod.sha256.rawValue) else {
                let names = HashMethod.allCases.map(\.rawValue)
                throw DocumentError(
                    .badValue, "'\(method?.scalarText ?? "")' is not a method of hashing",
                    location: method?.location ?? node.location,
                    hint: "it is one of \(names.joined(separator: ", "))")
            }
            mapping = .hash(field: field, known)
        } else if let field = try keys.string("encrypt") {
            let algorithm = try keys.string("algorithm") ?? "AES"
            let key = try keys.required(algorithm.uppercased() == "RSA" ? "public_key" : "key").scalarText
            let mode = try keys.string("mode")
            let padding = try keys.string("padding")
            mapping = .encrypt(
                field: field,
                try placed(node.location) { () throws(MappingError) in
                    try Encryption(algorithm: algorithm, key: key, mode: mode, padding: padding)
                })
        } else if let field = try keys.string("remove") {
            mapping = .remove(field: field)
        } else if let field = try keys.string("rename") {
            mapping = .rename(field: field, to: try keys.required("to").scalarText)
        } else if let field = try keys.string("filter") {
            mapping = .filter(try filter(field, &keys, at: node))
        } else {
            throw DocumentError(
                .missingKey, "a mapping of \(stream) needs one of the keys hash, encrypt, rename, remove and filter",
                location: node.location)
        }
        try keys.finish()
        return mapping
    }

    /// All comparisons of one mapping must hold.
    private static func filter(_ field: String, _ keys: inout YAMLMapping, at node: YAMLNode) throws -> RowFilter {
        var filters: [RowFilter] = []
        for comparison in RowFilter.Comparison.allCases {
            guard let value = try keys.string(comparison.rawValue) else { continue }
            filters.append(.compare(column: field, comparison, value: value))
        }
        if let values = try keys.strings("in") {
            filters.append(.any(values.map { .compare(column: field, .equals, value: $0) }))
        }
        if let isNull = try keys.bool("is_null") {
            filters.append(isNull ? .isNull(column: field) : .not(.isNull(column: field)))
        }
        guard let first = filters.first else {
            let names = RowFilter.Comparison.allCases.map(\.rawValue) + ["in", "is_null"]
            throw DocumentError(
                .missingKey, "the filter of '\(field)' compares with nothing", location: node.location,
                hint: "add one of \(names.joined(separator: ", "))")
        }
        return filters.count == 1 ? first : .all(filters)
    }
}

import Diagnostics
import Documents

/// Reads one entry under `saved_queries:`.
struct SavedQueryReader {
    private let schema: SchemaFileReader
    private let file: PackageFile

    init(_ schema: SchemaFileReader, _ file: PackageFile) {
        self.schema = schema
        self.file = file
    }

    func read(_ entry: YAMLNode) throws -> SemanticResource {
        let name = try schema.name(of: entry, "a saved query")
        let values =
            try schema.renderer.render(entry) { path in
                path == ["description"] || Array(path.prefix(2)) == ["query_params", "where"]
            }.object ?? JSON.Members()
        let location = entry["name"]?.location ?? entry.location
        guard let parameters = values["query_params"]?.object else {
            throw TransformError(.schema, "the saved query '\(name)' needs 'query_params'", location: location)
        }
        let fqn = [file.package] + file.folders + [name]
        let own = values["config"]?.object
        var query = SemanticResource(
            id: NodeID("saved_query.\(file.package).\(name)"), name: name, resourceType: .savedQuery, packageName: file.package,
            path: file.path, originalPath: file.originalPath, fqn: fqn, location: location)
        query.config = schema.resolver.resolve(.savedQuery, fqn: fqn, package: file.package, patch: own).config
        query.unrenderedConfig = own ?? JSON.Members()
        query.tags = Set(NodeConfig.strings(values["tags"]) + query.config.tags).sorted()
        query.createdAt = schema.now
        var filled = SemanticFields.filled(
            parameters, [("metrics", []), ("group_by", []), ("where", nil), ("order_by", []), ("limit", nil)])
        filled["where"] = SemanticFields.filter(parameters["where"])
        query.definition = JSON.Members(pairs: [
            ("query_params", .object(filled)),
            ("exports", .array(try (values["exports"]?.array ?? []).map { try export($0, query.config, at: location) })),
            ("description", values["description"] ?? .null), ("label", values["label"] ?? .null),
        ])
        return query
    }

    /// A table or view that the query's rows are to be written to, with what the query's own settings say.
    private func export(_ value: JSON, _ config: NodeConfig, at location: SourceLocation) throws -> JSON {
        guard let name = value["name"]?.string else {
            throw TransformError(.schema, "an export needs a name", location: location)
        }
        let own = value["config"]?.object ?? JSON.Members()
        func setting(_ keys: String...) -> JSON? {
            keys.lazy.compactMap { own[$0] ?? config[$0] }.first { !$0.isNull }
        }
        let kind = try SemanticFields.word(
            setting("export_as"), among: ["table", "view", "cache"], of: "kind of export", at: location)
        let credentials = schema.profile.credentials
        return [
            "name": .string(name),
            "config": [
                "export_as": .string(kind), "schema_name": setting("schema_name", "schema") ?? .string(credentials.schema),
                "alias": setting("alias") ?? .string(name), "database": setting("database") ?? .string(credentials.database),
            ], "unrendered_config": .object(own),
        ]
    }
}

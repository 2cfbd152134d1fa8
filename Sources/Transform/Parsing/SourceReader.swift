import Diagnostics
import Documents

/// Reads one entry under `sources:`, one table after the other.
struct SourceReader {
    private let schema: SchemaFileReader
    private let file: PackageFile

    init(_ schema: SchemaFileReader, _ file: PackageFile) {
        self.schema = schema
        self.file = file
    }

    /// - Parameter original: the entry as its own package has it, where another one overrides it.
    func read(_ entry: YAMLNode, original: YAMLNode) throws -> [SourcePatch] {
        let name = try schema.name(of: entry, "a source")
        let values = try schema.renderer.render(entry, skipping: Self.isRenderedLater).object ?? JSON.Members()
        guard let tables = entry["tables"], !tables.isNull else { return [] }
        guard let items = tables.items else {
            throw TransformError(.schema, "'tables' must be a list, but this is \(tables.typeName)", location: tables.location)
        }
        return try items.enumerated().map { index, table in
            try self.table(
                table, values: values["tables"]?[index]?.object ?? JSON.Members(), source: name, sourceValues: values,
                original: original)
        }
    }

    private func table(
        _ table: YAMLNode, values: JSON.Members, source: String, sourceValues: JSON.Members, original: YAMLNode
    ) throws -> SourcePatch {
        let name = try schema.name(of: table, "a table of the source '\(source)'")
        let package = schema.package.name
        let fqn = [package] + file.folders + [source, name]
        let patch = config(sourceValues, values)
        let (config, unrendered) = schema.resolver.resolve(.source, fqn: fqn, package: package, patch: patch)
        var quoting = JSON.Members(pairs: [("database", nil), ("schema", nil), ("identifier", nil), ("column", nil)])
        for entry in (sourceValues["quoting"]?.object?.entries ?? []) + (values["quoting"]?.object?.entries ?? []) {
            quoting[entry.key] = entry.value
        }
        let (columns, columnTests) = try schema.columns(of: table, values)
        let tests = try schema.tests(of: table)
        var definition = SourceDefinition(
            id: NodeID("source.\(package).\(source).\(name)"), packageName: package, path: file.originalPath,
            originalPath: file.originalPath, fqn: fqn, sourceName: source, name: name,
            identifier: values["identifier"]?.string ?? name,
            database: sourceValues["database"]?.string ?? sourceValues["dbname"]?.string ?? schema.profile.credentials.database,
            schema: sourceValues["schema"]?.string ?? source, config: config, relationName: "",
            location: table["name"]?.location ?? table.location)
        definition.sourceDescription = sourceValues["description"]?.string ?? ""
        definition.description = values["description"]?.string ?? ""
        definition.loader = sourceValues["loader"]?.string ?? ""
        definition.quoting = quoting
        definition.loadedAtField = config["loaded_at_field"]?.string
        definition.loadedAtQuery = config["loaded_at_query"]?.string
        definition.freshness = config["freshness"] ?? .null
        if let external = values["external"]?.object {
            let fields = ["location", "file_format", "row_format", "tbl_properties", "partitions"]
            var members = JSON.Members(pairs: fields.map { ($0, .null) })
            for entry in external.entries { members[entry.key] = entry.value }
            definition.external = .object(members)
        }
        definition.columns = columns
        definition.meta = config.meta
        definition.sourceMeta = Self.merged(sourceValues["meta"]?.object, sourceValues["config"]?["meta"]?.object)
        definition.tags = config.tags
        definition.unrenderedConfig = unrendered
        definition.unrenderedDatabase = original["database"]?.string
        definition.unrenderedSchema = original["schema"]?.string
        definition.createdAt = schema.now
        let policy = QuotePolicy().merging(schema.resolver.root.definition.quoting).merging(quoting)
        definition.relationName =
            Relation(
                database: definition.database, schema: definition.schema, identifier: definition.identifier, quoting: policy
            ).rendered
        return SourcePatch(
            definition: definition, tests: columnTests + tests,
            testTags: NodeConfig.strings(sourceValues["tags"]) + NodeConfig.strings(values["tags"]))
    }

    /// The table's settings over the source's.
    private func config(_ source: JSON.Members, _ table: JSON.Members) -> JSON.Members {
        var config = source["config"]?.object ?? JSON.Members()
        for entry in table["config"]?.object?.entries ?? [] { config[entry.key] = entry.value }
        func first(_ key: String) -> JSON? {
            table["config"]?[key] ?? table[key] ?? source["config"]?[key] ?? source[key]
        }
        if let freshness = freshness(source, table) { config["freshness"] = freshness }
        config["loaded_at_field"] = first("loaded_at_field") ?? .null
        config["loaded_at_query"] = first("loaded_at_query") ?? .null
        config["meta"] = .object(
            Self.merged(
                source["meta"]?.object, source["config"]?["meta"]?.object, table["meta"]?.object, table["config"]?["meta"]?.object
            ))
        var seen: Set<String> = []
        let tags = [source["tags"], source["config"]?["tags"], table["tags"], table["config"]?["tags"]].flatMap(
            NodeConfig.strings)
        config["tags"] = .array(tags.filter { seen.insert($0).inserted }.map(JSON.string))
        return config
    }

    /// What the table says about how old its rows may be, over what the source says; null switches it off.
    private func freshness(_ source: JSON.Members, _ table: JSON.Members) -> JSON? {
        let levels = [source["freshness"], source["config"]?["freshness"], table["freshness"], table["config"]?["freshness"]]
            .compactMap { $0 }
        guard !levels.isEmpty else { return nil }
        var merged = JSON.Members(pairs: [
            ("warn_after", ["count": nil, "period": nil]), ("error_after", ["count": nil, "period": nil]), ("filter", nil),
        ])
        for level in levels {
            guard let members = level.object else { return .null }
            for entry in members.entries { merged[entry.key] = entry.value.isNull ? ["count": nil, "period": nil] : entry.value }
        }
        return .object(merged)
    }

    private static func merged(_ parts: JSON.Members?...) -> JSON.Members {
        var result = JSON.Members()
        for entry in parts.compactMap({ $0 }).flatMap(\.entries) { result[entry.key] = entry.value }
        return result
    }

    private static func isRenderedLater(_ path: [String]) -> Bool {
        guard let first = path.first else { return false }
        if first == "description" || first == "loaded_at_query" { return true }
        if first == "config", path.count >= 2, path[1] == "loaded_at_query" { return true }
        return first == "tables" && path.count > 2 && SchemaFileReader.isRenderedLater(Array(path.dropFirst(2)))
    }
}

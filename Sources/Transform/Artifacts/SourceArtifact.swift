import Documents

/// A source table as manifest.json has it.
enum SourceArtifact {
    static func json(of source: SourceDefinition) -> JSON {
        JSON.object(
            JSON.Members(pairs: [
                ("database", .string(source.database)), ("schema", .string(source.schema)), ("name", .string(source.name)),
                ("resource_type", "source"), ("package_name", .string(source.packageName)), ("path", .string(source.path)),
                ("original_file_path", .string(source.originalPath)), ("unique_id", .string(source.id.rawValue)),
                ("fqn", NodeArtifact.strings(source.fqn)), ("source_name", .string(source.sourceName)),
                ("source_description", .string(source.sourceDescription)), ("loader", .string(source.loader)),
                ("identifier", .string(source.identifier)), ("quoting", .object(source.quoting)),
                ("loaded_at_field", NodeArtifact.optional(source.loadedAtField)),
                ("loaded_at_query", NodeArtifact.optional(source.loadedAtQuery)), ("freshness", source.freshness),
                ("external", source.external), ("description", .string(source.description)),
                ("columns", .object(JSON.Members(source.columns.map { ($0.name, $0.json) }))), ("meta", .object(source.meta)),
                ("source_meta", .object(source.sourceMeta)), ("tags", NodeArtifact.strings(source.tags)),
                ("config", .object(source.config.values)), ("patch_path", .null),
                ("unrendered_config", .object(source.unrenderedConfig)), ("relation_name", .string(source.relationName)),
                ("created_at", .double(source.createdAt)),
                ("unrendered_database", NodeArtifact.optional(source.unrenderedDatabase)),
                ("unrendered_schema", NodeArtifact.optional(source.unrenderedSchema)),
                ("doc_blocks", NodeArtifact.strings(source.docBlocks)),
            ]))
    }
}

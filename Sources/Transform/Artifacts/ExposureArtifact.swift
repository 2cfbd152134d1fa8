import Documents

/// An exposure as manifest.json has it.
enum ExposureArtifact {
    static func json(of exposure: Exposure) -> JSON {
        .object(
            JSON.Members(pairs: [
                ("name", .string(exposure.name)), ("resource_type", "exposure"), ("package_name", .string(exposure.packageName)),
                ("path", .string(exposure.path)), ("original_file_path", .string(exposure.originalPath)),
                ("unique_id", .string(exposure.id.rawValue)), ("fqn", NodeArtifact.strings(exposure.fqn)),
                ("type", .string(exposure.type)), ("owner", owner(exposure)), ("description", .string(exposure.description)),
                ("label", NodeArtifact.optional(exposure.label)), ("maturity", NodeArtifact.optional(exposure.maturity)),
                ("meta", .object(exposure.meta)), ("tags", NodeArtifact.strings(exposure.tags)),
                ("config", .object(exposure.config.values)), ("unrendered_config", .object(exposure.unrenderedConfig)),
                ("url", NodeArtifact.optional(exposure.url)),
                (
                    "depends_on",
                    ["macros": [], "nodes": .array(exposure.dependsOnNodes.map { .string($0.rawValue) })]
                ), ("refs", .array(exposure.refs.map(\.json))), ("sources", .array(exposure.sources.map(\.json))),
                ("metrics", .array(exposure.metrics.map(NodeArtifact.strings))), ("created_at", .double(exposure.createdAt)),
            ]))
    }

    private static func owner(_ exposure: Exposure) -> JSON {
        var members = JSON.Members(pairs: [
            ("email", exposure.owner["email"] ?? .null), ("name", exposure.owner["name"] ?? .null),
        ])
        for entry in exposure.owner.object?.entries ?? [] { members[entry.key] = entry.value }
        return .object(members)
    }
}

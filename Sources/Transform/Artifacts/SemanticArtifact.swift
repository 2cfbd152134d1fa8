import Documents

/// A metric, semantic model or saved query as manifest.json has it.
enum SemanticArtifact {
    static func json(of resource: SemanticResource) -> JSON {
        var members = JSON.Members()
        members.append("name", .string(resource.name))
        members.append("resource_type", .string(resource.resourceType.rawValue))
        members.append("package_name", .string(resource.packageName))
        members.append("path", .string(resource.path))
        members.append("original_file_path", .string(resource.originalPath))
        members.append("unique_id", .string(resource.id.rawValue))
        members.append("fqn", NodeArtifact.strings(resource.fqn))
        for entry in resource.definition.entries { members.append(entry.key, entry.value) }
        members.append("metadata", .null)
        members.append("config", .object(resource.config.values))
        members.append("unrendered_config", .object(resource.unrenderedConfig))
        members.append(
            "depends_on", ["macros": [], "nodes": .array(resource.dependsOnNodes.map { .string($0.rawValue) })])
        members.append("refs", .array(resource.refs.map(\.json)))
        members.append("created_at", .double(resource.createdAt))
        members.append("group", NodeArtifact.optional(resource.group))
        if resource.resourceType == .metric {
            members.append("sources", [])
            members.append("metrics", [])
            members.append("meta", .object(resource.meta))
        }
        if resource.resourceType != .semanticModel { members.append("tags", NodeArtifact.strings(resource.tags)) }
        return .object(members)
    }
}

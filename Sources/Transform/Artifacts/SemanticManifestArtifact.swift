import Documents

/// semantic_manifest.json: what MetricFlow reads, which is part of what manifest.json says, in another order.
struct SemanticManifestArtifact {
    let manifest: Manifest

    /// The model that was the time spine before models could say so themselves.
    static let legacyTimeSpine = "metricflow_time_spine"

    var json: JSON {
        [
            "semantic_models": resources(.semanticModel, as: Self.semanticModel), "metrics": resources(.metric, as: Self.metric),
            "project_configuration": configuration, "saved_queries": resources(.savedQuery, as: Self.savedQuery),
        ]
    }

    private func resources(_ type: ResourceType, as shape: (JSON) -> JSON) -> JSON {
        .array(manifest.semantics.values.filter { $0.resourceType == type }.map { shape(SemanticArtifact.json(of: $0)) })
    }

    /// The members under the keys, null where there is none.
    private static func pick(_ value: JSON, _ keys: String..., changing: [String: (JSON) -> JSON] = [:]) -> JSON {
        guard value.object != nil else { return .null }
        return .object(
            JSON.Members(
                pairs: keys.map { key in
                    let member = value[key] ?? .null
                    return (key, member.isNull ? .null : changing[key]?(member) ?? member)
                }))
    }

    private static func each(_ shape: @escaping (JSON) -> JSON) -> (JSON) -> JSON {
        { value in .array((value.array ?? []).map(shape)) }
    }

    private static func config(_ value: JSON) -> JSON { pick(value, "meta") }

    private static func semanticModel(_ value: JSON) -> JSON {
        pick(
            value, "name", "defaults", "description", "node_relation", "primary_entity", "entities", "measures", "dimensions",
            "label", "metadata", "config",
            changing: ["entities": each(entity), "measures": each(measure), "dimensions": each(dimension), "config": config])
    }

    private static func entity(_ value: JSON) -> JSON {
        pick(value, "name", "description", "type", "role", "expr", "metadata", "label", "config")
    }

    private static func measure(_ value: JSON) -> JSON {
        pick(
            value, "name", "agg", "description", "create_metric", "expr", "agg_params", "metadata", "non_additive_dimension",
            "agg_time_dimension", "label", "config")
    }

    private static func dimension(_ value: JSON) -> JSON {
        pick(
            value, "name", "description", "type", "datatype", "is_partition", "type_params", "expr", "metadata", "label",
            "config")
    }

    private static func metric(_ value: JSON) -> JSON {
        pick(
            value, "name", "description", "type", "datatype", "type_params", "filter", "metadata", "label", "config",
            "time_granularity", changing: ["config": config])
    }

    private static func savedQuery(_ value: JSON) -> JSON {
        pick(
            value, "name", "query_params", "description", "metadata", "label", "exports", "tags",
            changing: ["exports": each(export)])
    }

    private static func export(_ value: JSON) -> JSON {
        pick(value, "name", "config", changing: ["config": { pick($0, "export_as", "schema_name", "alias") }])
    }

    // MARK: Time spines

    private var configuration: JSON {
        [
            "time_spine_table_configurations": .array(legacyTimeSpines), "metadata": nil,
            "dsi_package_version": ["major_version": "0", "minor_version": "213", "patch_version": "0"],
            "time_spines": .array(manifest.nodes.values.compactMap(timeSpine)),
        ]
    }

    private func timeSpine(_ node: Node) -> JSON? {
        guard let column = node.timeSpine["standard_granularity_column"]?.string else { return nil }
        let granularity = node.columns.first { $0.name == column }?.granularity
        return [
            "node_relation": Self.relation(of: node),
            "primary_column": ["name": .string(column), "time_granularity": NodeArtifact.optional(granularity)],
            "custom_granularities": node.timeSpine["custom_granularities"] ?? [],
        ]
    }

    private var legacyTimeSpines: [JSON] {
        guard manifest.semantics.values.contains(where: { $0.resourceType == .semanticModel }),
            let node = manifest.nodes.values.first(where: { $0.name == Self.legacyTimeSpine && $0.resourceType == .model }),
            node.timeSpine.isNull
        else { return [] }
        return [["location": NodeArtifact.optional(node.relationName), "column_name": "date_day", "grain": "day"]]
    }

    /// Where a node's rows are, as semantic models name it.
    static func relation(of node: Node) -> JSON {
        [
            "alias": .string(node.alias), "schema_name": NodeArtifact.optional(node.schema),
            "database": NodeArtifact.optional(node.database), "relation_name": NodeArtifact.optional(node.relationName),
        ]
    }
}

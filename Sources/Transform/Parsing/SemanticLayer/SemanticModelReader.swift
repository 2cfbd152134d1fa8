import Diagnostics
import Documents

/// Reads semantic models: entries under `semantic_models:`, and models that say to be one.
struct SemanticModelReader {
    private let schema: SchemaFileReader
    private let file: PackageFile

    init(_ schema: SchemaFileReader, _ file: PackageFile) {
        self.schema = schema
        self.file = file
    }

    /// The semantic model of an entry, and the metrics that its measures with `create_metric` make.
    func read(_ entry: YAMLNode) throws -> [SemanticResource] {
        let name = try schema.name(of: entry, "a semantic model")
        let values = try schema.renderer.render(entry, skipping: SchemaFileReader.isRenderedLater).object ?? JSON.Members()
        let location = entry["name"]?.location ?? entry.location
        guard let model = values["model"]?.string else {
            throw TransformError(
                .schema, "the semantic model '\(name)' needs a model", location: location, hint: "as in: model: ref('orders')")
        }
        var resource = make(name, config: values["config"]?.object, at: location)
        let meta = resource.config.meta
        let measures = values["measures"]?.array ?? []
        resource.refs = try ArgumentRenderer.capture(model, world: schema.renderer.scope, at: entry["model"]?.location).refs
        resource.definition = definition(
            model: model, description: values["description"], label: values["label"], defaults: values["defaults"],
            primary: values["primary_entity"])
        resource.definition["entities"] = .array(
            try parts(values["entities"], "an entity", at: location) { try entity($0, meta, at: location) })
        resource.definition["measures"] = .array(
            try parts(.array(measures), "a measure", at: location) { try measure($0, meta, at: location) })
        resource.definition["dimensions"] = .array(
            try parts(values["dimensions"], "a dimension", at: location) { try dimension($0, meta, at: location) })
        let metrics = try measures.compactMap(\.object).filter { $0["create_metric"]?.bool ?? false }.map {
            try metric(of: $0, isEnabled: resource.config.isEnabled, meta: meta, at: location)
        }
        return [resource] + metrics
    }

    private func make(_ name: String, config own: JSON.Members?, at location: SourceLocation) -> SemanticResource {
        let fqn = [file.package] + file.folders + [name]
        var resource = SemanticResource(
            id: NodeID("semantic_model.\(file.package).\(name)"), name: name, resourceType: .semanticModel,
            packageName: file.package, path: file.path, originalPath: file.originalPath, fqn: fqn, location: location)
        resource.config = schema.resolver.resolve(.semanticModel, fqn: fqn, package: file.package, patch: own).config
        // As in dbt, what dbt_project.yml says is no part of it.
        resource.unrenderedConfig = own ?? JSON.Members()
        resource.createdAt = schema.now
        return resource
    }

    private func definition(
        model: String, description: JSON?, label: JSON?, defaults: JSON?, primary: JSON?
    ) -> JSON.Members {
        JSON.Members(pairs: [
            ("model", .string(model)), ("node_relation", nil), ("description", description ?? .null), ("label", label ?? .null),
            (
                "defaults",
                defaults?.object.map { ["agg_time_dimension": $0["agg_time_dimension"] ?? .null] } ?? .null
            ), ("entities", []), ("measures", []), ("dimensions", []), ("primary_entity", primary ?? .null),
        ])
    }

    private func parts(
        _ list: JSON?, _ what: String, at location: SourceLocation, _ read: (JSON.Members) throws -> JSON
    ) throws -> [JSON] {
        try (list?.array ?? []).map { item in
            guard let members = item.object, members["name"]?.string != nil else {
                throw TransformError(.schema, "\(what) needs a name", location: location)
            }
            return try read(members)
        }
    }

    private static let entityTypes = ["foreign", "natural", "primary", "unique"]
    private static let dimensionTypes = ["categorical", "time"]

    private func entity(_ given: JSON.Members, _ meta: JSON.Members, at location: SourceLocation) throws -> JSON {
        var members = SemanticFields.filled(
            given, [("name", ""), ("type", nil), ("description", nil), ("label", nil), ("role", nil), ("expr", nil)])
        members["type"] = .string(
            try SemanticFields.word(given["type"], among: Self.entityTypes, of: "type of entity", at: location))
        members["config"] = SemanticFields.elementConfig(given["config"], under: meta)
        return .object(members)
    }

    private func dimension(_ given: JSON.Members, _ meta: JSON.Members, at location: SourceLocation) throws -> JSON {
        var members = SemanticFields.filled(
            given,
            [
                ("name", ""), ("type", nil), ("description", nil), ("label", nil), ("is_partition", false), ("type_params", nil),
                ("expr", nil), ("metadata", nil),
            ])
        members["type"] = .string(
            try SemanticFields.word(given["type"], among: Self.dimensionTypes, of: "type of dimension", at: location))
        members["type_params"] = try typeParameters(
            given["type_params"]?["time_granularity"], given["type_params"]?["validity_params"], at: location)
        members["config"] = SemanticFields.elementConfig(given["config"], under: meta)
        return .object(members)
    }

    private func typeParameters(_ granularity: JSON?, _ validity: JSON?, at location: SourceLocation) throws -> JSON {
        guard let granularity, !granularity.isNull else { return .null }
        return [
            "time_granularity": .string(
                try SemanticFields.word(
                    granularity, among: SemanticFields.granularities, of: "granularity", at: location)),
            "validity_params": validity?.object.map {
                .object(SemanticFields.filled($0, [("is_start", false), ("is_end", false)]))
            } ?? .null,
        ]
    }

    private func measure(_ given: JSON.Members, _ meta: JSON.Members, at location: SourceLocation) throws -> JSON {
        var members = SemanticFields.filled(
            given,
            [
                ("name", ""), ("agg", nil), ("description", nil), ("label", nil), ("create_metric", false), ("expr", nil),
                ("agg_params", nil), ("non_additive_dimension", nil), ("agg_time_dimension", nil),
            ])
        members["agg"] = .string(
            try SemanticFields.word(given["agg"], among: SemanticFields.aggregations, of: "aggregation", at: location))
        members["create_metric"] = false
        members["expr"] = SemanticFields.expression(given["expr"])
        if let parameters = given["agg_params"]?.object {
            members["agg_params"] = .object(
                SemanticFields.filled(
                    parameters,
                    [("percentile", nil), ("use_discrete_percentile", false), ("use_approximate_percentile", false)]))
        }
        if let dimension = given["non_additive_dimension"]?.object {
            members["non_additive_dimension"] = .object(
                SemanticFields.filled(dimension, [("name", ""), ("window_choice", nil), ("window_groupings", [])]))
        }
        members["config"] = SemanticFields.elementConfig(given["config"], under: meta)
        return .object(members)
    }

    /// The simple metric of a measure with `create_metric: true`.
    private func metric(
        of measure: JSON.Members, isEnabled: Bool, meta: JSON.Members, at location: SourceLocation
    ) throws -> SemanticResource {
        func given(_ key: String) -> JSON? { measure[key].flatMap { $0.isNull || $0 == "" ? nil : $0 } }
        let name = measure["name"]?.string ?? ""
        let values = JSON.Members(pairs: [
            ("name", .string(name)), ("label", given("label") ?? .string(name)), ("type", "simple"),
            ("type_params", ["measure": .string(name), "expr": given("expr") ?? .string(name)]),
            ("description", given("description") ?? .string("Metric created from measure \(name)")),
            ("config", ["enabled": .bool(isEnabled), "meta": .object(meta)]),
        ])
        return try MetricReader(schema, file).read(name, values, at: location)
    }

    // MARK: In a model

    /// What a model says about itself as a semantic model, and its metrics.
    ///
    /// - Parameter values: the rendered entry of the model.
    func read(_ patch: NodePatch, _ values: JSON.Members) throws -> [SemanticResource] {
        let settings = values["semantic_model"] ?? .null
        let name = settings["name"]?.string ?? patch.name
        let time = values["agg_time_dimension"]?.string
        var resources: [SemanticResource] = []
        if settings.bool ?? (settings.object != nil && settings["enabled"]?.bool ?? true) {
            resources.append(try semanticModel(name, settings, patch, values))
        }
        for metric in values["metrics"]?.array ?? [] {
            guard let members = metric.object, let metricName = members["name"]?.string else {
                throw TransformError(.schema, "a metric needs a name", location: patch.location)
            }
            let isSimple = (members["type"]?.string ?? "simple").lowercased() == "simple"
            resources.append(
                try MetricReader(schema, file).read(
                    metricName, members, at: patch.location, model: isSimple ? name : nil, time: isSimple ? time : nil))
        }
        return resources
    }

    private func semanticModel(
        _ name: String, _ settings: JSON, _ patch: NodePatch, _ values: JSON.Members
    ) throws -> SemanticResource {
        var config = JSON.Members()
        if let own = settings["config"]?.object {
            if let meta = own["meta"], !meta.isNull { config["meta"] = meta }
            config["enabled"] = settings["enabled"] ?? true
            if let group = settings["group"], !group.isNull { config["group"] = group }
        }
        var resource = make(name, config: config, at: patch.location)
        resource.refs = [RefCall(name: patch.name)]
        let meta = resource.config.meta
        resource.definition = definition(
            model: "ref('\(patch.name)')", description: .string(patch.description), label: nil,
            defaults: ["agg_time_dimension": values["agg_time_dimension"] ?? .null], primary: values["primary_entity"])
        let derived = values["derived_semantics"]
        resource.definition["entities"] = .array(
            try patch.columns.compactMap { try entity(of: $0, meta, at: patch.location) }
                + parts(derived?["entities"], "an entity", at: patch.location) { try entity($0, meta, at: patch.location) })
        resource.definition["dimensions"] = .array(
            try patch.columns.compactMap { try dimension(of: $0, meta, at: patch.location) }
                + parts(derived?["dimensions"], "a dimension", at: patch.location) { given in
                    var given = given
                    if let granularity = given["granularity"], !granularity.isNull {
                        given["type_params"] = [
                            "time_granularity": granularity, "validity_params": given["validity_params"] ?? .null,
                        ]
                    }
                    return try dimension(given, meta, at: patch.location)
                })
        return resource
    }

    private func entity(of column: ColumnInfo, _ meta: JSON.Members, at location: SourceLocation) throws -> JSON? {
        if column.entity.isNull { return nil }
        var given = JSON.Members(pairs: [
            ("name", .string(column.name)), ("type", column.entity), ("description", .string(column.description)),
            ("config", ["meta": column.config["meta"] ?? [:]]),
        ])
        if let own = column.entity.object {
            given["name"] = own["name"] ?? .string(column.name)
            given["type"] = own["type"] ?? .null
            given["description"] = own["description"] ?? .null
            given["label"] = own["label"] ?? .null
            if given["name"]?.string != column.name { given["expr"] = .string(column.name) }
            if let meta = own["config"]?["meta"] { given["config"] = ["meta": meta] }
        }
        return try entity(given, meta, at: location)
    }

    private func dimension(of column: ColumnInfo, _ meta: JSON.Members, at location: SourceLocation) throws -> JSON? {
        if column.dimension.isNull { return nil }
        var given = JSON.Members(pairs: [
            ("name", .string(column.name)), ("type", column.dimension), ("description", .string(column.description)),
            ("config", ["meta": column.config["meta"] ?? [:]]),
        ])
        if let own = column.dimension.object {
            given["name"] = own["name"] ?? .string(column.name)
            given["type"] = own["type"] ?? .null
            if let text = own["description"], !text.isNull, text != "" { given["description"] = text }
            given["label"] = own["label"] ?? .null
            given["is_partition"] = own["is_partition"] ?? false
            if given["name"]?.string != column.name { given["expr"] = .string(column.name) }
            given["type_params"] = [
                "time_granularity": NodeArtifact.optional(column.granularity), "validity_params": own["validity_params"] ?? .null,
            ]
            var merged = column.config["meta"]?.object ?? JSON.Members()
            for entry in own["config"]?["meta"]?.object?.entries ?? [] { merged[entry.key] = entry.value }
            given["config"] = ["meta": .object(merged)]
        }
        return try dimension(given, meta, at: location)
    }
}

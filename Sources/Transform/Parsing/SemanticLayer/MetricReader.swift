import Diagnostics
import Documents

/// Reads metrics: entries with `type_params` under `metrics:`, and the plainer ones without, there and in models.
struct MetricReader {
    private let schema: SchemaFileReader
    private let file: PackageFile

    init(_ schema: SchemaFileReader, _ file: PackageFile) {
        self.schema = schema
        self.file = file
    }

    private static let types = ["simple", "ratio", "cumulative", "derived", "conversion"]

    /// An entry under `metrics:`.
    func read(_ entry: YAMLNode) throws -> SemanticResource {
        let name = try schema.name(of: entry, "a metric")
        let values =
            try schema.renderer.render(entry) { path in
                path.last == "filter" || path.dropLast().last == "filter" || path == ["description"]
            }.object ?? JSON.Members()
        return try read(name, values, at: entry["name"]?.location ?? entry.location)
    }

    /// - Parameters:
    ///   - model: the semantic model that the metric stands in.
    ///   - time: the time dimension of that model.
    func read(
        _ name: String, _ values: JSON.Members, at location: SourceLocation, model: String? = nil, time: String? = nil
    ) throws -> SemanticResource {
        let type = try SemanticFields.word(values["type"] ?? "simple", among: Self.types, of: "type of metric", at: location)
        let isOld = values["type_params"] != nil
        if isOld, values["label"]?.string == nil {
            throw TransformError(.schema, "the metric '\(name)' needs a label", location: location)
        }
        let fqn = [file.package] + file.folders + [name]
        let own = values["config"]?.object
        let (config, unrendered) = schema.resolver.resolve(.metric, fqn: fqn, package: file.package, patch: own)
        var metric = SemanticResource(
            id: NodeID("metric.\(file.package).\(name)"), name: name, resourceType: .metric, packageName: file.package,
            path: file.path, originalPath: file.originalPath, fqn: fqn, location: location)
        metric.config = config
        metric.unrenderedConfig = unrendered
        metric.createdAt = schema.now
        if isOld {
            metric.meta = config.meta.isEmpty ? values["meta"]?.object ?? JSON.Members() : config.meta
            metric.tags = NodeConfig.strings(values["tags"])
        }
        let parameters =
            try isOld
            ? oldParameters(values["type_params"]?.object ?? JSON.Members(), type: type, at: location)
            : newParameters(values, type: type, name: name, model: model, time: time, at: location)
        metric.definition = JSON.Members(pairs: [
            ("description", values["description"].flatMap { $0.isNull ? nil : $0 } ?? ""),
            ("label", values["label"].flatMap { $0.isNull ? nil : $0 } ?? .string(name)), ("type", .string(type)),
            ("type_params", .object(parameters)), ("filter", SemanticFields.filter(values["filter"])),
            ("time_granularity", values["time_granularity"] ?? .null),
        ])
        return metric
    }

    private static func parameters(_ given: [(String, JSON)]) -> JSON.Members {
        var result = JSON.Members(pairs: [
            ("measure", nil), ("input_measures", []), ("numerator", nil), ("denominator", nil), ("expr", nil), ("window", nil),
            ("grain_to_date", nil), ("metrics", []), ("conversion_type_params", nil), ("cumulative_type_params", nil),
            ("metric_aggregation_params", nil), ("fill_nulls_with", nil), ("join_to_timespine", false), ("is_private", nil),
        ])
        for (key, value) in given { result[key] = value }
        return result
    }

    // MARK: With type_params

    private func oldParameters(_ given: JSON.Members, type: String, at location: SourceLocation) throws -> JSON.Members {
        Self.parameters([
            ("measure", Self.measure(given["measure"])), ("numerator", try input(given["numerator"], at: location)),
            ("denominator", try input(given["denominator"], at: location)), ("expr", SemanticFields.expression(given["expr"])),
            ("window", try SemanticFields.window(given["window"], at: location)),
            ("grain_to_date", given["grain_to_date"] ?? .null),
            ("metrics", .array(try (given["metrics"]?.array ?? []).map { try input($0, at: location) })),
            ("conversion_type_params", try conversion(given["conversion_type_params"], at: location)),
            ("cumulative_type_params", type == "cumulative" ? try cumulative(given, at: location) : .null),
        ])
    }

    /// A measure by its name, or with more about it.
    private static func measure(_ value: JSON?) -> JSON {
        guard let value, !value.isNull else { return .null }
        let members = value.object ?? JSON.Members(pairs: [("name", value)])
        var result = SemanticFields.filled(
            members, [("name", ""), ("filter", nil), ("alias", nil), ("join_to_timespine", false), ("fill_nulls_with", nil)])
        result["filter"] = SemanticFields.filter(members["filter"])
        return .object(result)
    }

    /// A metric by its name, or with more about it.
    private func input(_ value: JSON?, at location: SourceLocation) throws -> JSON {
        guard let value, !value.isNull else { return .null }
        let members = value.object ?? JSON.Members(pairs: [("name", value)])
        var result = SemanticFields.filled(
            members, [("name", ""), ("filter", nil), ("alias", nil), ("offset_window", nil), ("offset_to_grain", nil)])
        result["filter"] = SemanticFields.filter(members["filter"])
        result["offset_window"] = try SemanticFields.window(members["offset_window"], at: location)
        return .object(result)
    }

    private static let calculations = ["conversions", "conversion_rate"]
    private static let aggregationsOfPeriods = ["first", "last", "average"]

    private func conversion(_ value: JSON?, at location: SourceLocation) throws -> JSON {
        guard let given = value?.object else { return .null }
        for key in ["base_measure", "conversion_measure", "entity"] where given[key]?.isNull ?? true {
            throw TransformError(.schema, "a conversion metric needs '\(key)'", location: location)
        }
        return try conversion(
            given, base: Self.measure(given["base_measure"]), conversion: Self.measure(given["conversion_measure"]),
            of: "measure", at: location)
    }

    private func conversion(
        _ given: JSON.Members, base: JSON, conversion: JSON, of kind: String, at location: SourceLocation
    ) throws -> JSON {
        let isMeasure = kind == "measure"
        return [
            "entity": given["entity"] ?? .null, "base_measure": isMeasure ? base : .null,
            "conversion_measure": isMeasure ? conversion : .null, "base_metric": isMeasure ? .null : base,
            "conversion_metric": isMeasure ? .null : conversion,
            "calculation": .string(
                try SemanticFields.word(
                    given["calculation"] ?? "conversion_rate", among: Self.calculations, of: "calculation", at: location)),
            "window": try SemanticFields.window(given["window"], at: location),
            "constant_properties": given["constant_properties"] ?? .null,
        ]
    }

    private func cumulative(_ given: JSON.Members, at location: SourceLocation) throws -> JSON {
        let nested = given["cumulative_type_params"]?.object ?? JSON.Members()
        return [
            "window": try SemanticFields.window(nested["window"] ?? given["window"], at: location),
            "grain_to_date": nested["grain_to_date"] ?? given["grain_to_date"] ?? .null,
            "period_agg": try periodAggregation(nested, at: location), "metric": nil,
        ]
    }

    private func periodAggregation(_ given: JSON.Members, at location: SourceLocation) throws -> JSON {
        .string(
            try SemanticFields.word(
                given["period_agg"] ?? "first", among: Self.aggregationsOfPeriods, of: "aggregation of periods", at: location))
    }

    // MARK: Without type_params

    private func newParameters(
        _ given: JSON.Members, type: String, name: String, model: String?, time: String?, at location: SourceLocation
    ) throws -> JSON.Members {
        if type == "simple", given["agg"]?.isNull ?? true {
            throw TransformError(.schema, "the simple metric '\(name)' needs 'agg'", location: location)
        }
        return Self.parameters([
            ("numerator", try input(given["numerator"], at: location)),
            ("denominator", try input(given["denominator"], at: location)), ("expr", SemanticFields.expression(given["expr"])),
            ("window", try SemanticFields.window(given["window"], at: location)),
            ("metrics", .array(try (given["input_metrics"]?.array ?? []).map { try input($0, at: location) })),
            ("conversion_type_params", type == "conversion" ? try newConversion(given, name, at: location) : .null),
            ("cumulative_type_params", type == "cumulative" ? try newCumulative(given, name, at: location) : .null),
            ("metric_aggregation_params", try aggregation(given, name: name, model: model, time: time, at: location)),
            ("join_to_timespine", .bool(given["join_to_timespine"]?.bool ?? false)),
            ("is_private", .bool(given["hidden"]?.bool ?? false)),
        ])
    }

    private func aggregation(
        _ given: JSON.Members, name: String, model: String?, time: String?, at location: SourceLocation
    ) throws -> JSON {
        guard let agg = given["agg"], !agg.isNull else { return .null }
        guard let model else {
            throw TransformError(
                .schema, "the simple metric '\(name)' must stand in a model with a semantic model", location: location,
                hint: "move it under the model's 'metrics:', or give it 'type_params'")
        }
        let kind = given["percentile_type"]?.string?.lowercased()
        let dimension = given["non_additive_dimension"]?.object
        return [
            "semantic_model": .string(model),
            "agg": .string(
                try SemanticFields.word(agg, among: SemanticFields.aggregations, of: "aggregation", at: location)),
            "agg_params": [
                "percentile": given["percentile"] ?? .null, "use_discrete_percentile": .bool(kind == "discrete"),
                "use_approximate_percentile": .bool(kind == "continuous"),
            ], "agg_time_dimension": given["agg_time_dimension"] ?? NodeArtifact.optional(time),
            "non_additive_dimension": dimension.map {
                [
                    "name": $0["name"] ?? .null, "window_choice": $0["window_agg"] ?? .null,
                    "window_groupings": $0["group_by"] ?? [],
                ]
            } ?? .null,
        ]
    }

    private func newConversion(_ given: JSON.Members, _ name: String, at location: SourceLocation) throws -> JSON {
        for key in ["base_metric", "conversion_metric", "entity"] where given[key]?.isNull ?? true {
            throw TransformError(.schema, "the conversion metric '\(name)' needs '\(key)'", location: location)
        }
        return try conversion(
            given, base: input(given["base_metric"], at: location), conversion: input(given["conversion_metric"], at: location),
            of: "metric", at: location)
    }

    private func newCumulative(_ given: JSON.Members, _ name: String, at location: SourceLocation) throws -> JSON {
        let metric = try input(given["input_metric"], at: location)
        guard !metric.isNull else {
            throw TransformError(.schema, "the cumulative metric '\(name)' needs 'input_metric'", location: location)
        }
        return [
            "window": try SemanticFields.window(given["window"], at: location),
            "grain_to_date": given["grain_to_date"] ?? .null, "period_agg": try periodAggregation(given, at: location),
            "metric": metric,
        ]
    }
}

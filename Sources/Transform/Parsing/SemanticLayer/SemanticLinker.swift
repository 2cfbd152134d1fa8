import Diagnostics
import Documents

/// Links metrics to what they count, semantic models to their models, and saved queries to their metrics.
struct SemanticLinker {
    private var manifest: Manifest
    private var done: Set<NodeID> = []
    /// The metrics that are being linked, each an input of the one before.
    private var path: [NodeID] = []

    static func link(_ manifest: inout Manifest) throws {
        guard !manifest.semantics.isEmpty else { return }
        var linker = SemanticLinker(manifest: manifest)
        for (id, resource) in manifest.semantics where resource.resourceType == .semanticModel { try linker.linkModel(id) }
        for (id, resource) in manifest.semantics where resource.resourceType == .metric { try linker.linkMetric(id) }
        for (id, resource) in manifest.semantics where resource.resourceType == .savedQuery { try linker.linkQuery(id) }
        try linker.checkTimeSpine()
        manifest = linker.manifest
    }

    private init(manifest: Manifest) { self.manifest = manifest }

    // MARK: Semantic models

    private mutating func linkModel(_ id: NodeID) throws {
        guard let resource = manifest.semantics[id], let ref = resource.refs.first else { return }
        guard let node = manifest.resolve(ref, from: resource.packageName) else {
            throw TransformError(
                .unknownRef, "the semantic model '\(resource.name)' refers to ref('\(ref.name)'), which does not exist",
                location: resource.location, hint: Suggestion.hint(for: ref.name, in: manifest.refIndex.keys.sorted()))
        }
        manifest.semantics[id]?.dependsOnNodes = [node.id]
        manifest.semantics[id]?.definition["node_relation"] = SemanticManifestArtifact.relation(of: node)
    }

    /// Metrics by day need a model that has the days.
    private func checkTimeSpine() throws {
        guard let first = manifest.semantics.values.first(where: { $0.resourceType == .semanticModel }) else { return }
        let fine = Set(SemanticFields.granularities.prefix { $0 != "week" })
        let isThere = manifest.nodes.values.contains { node in
            if node.name == SemanticManifestArtifact.legacyTimeSpine { return true }
            guard let name = node.timeSpine["standard_granularity_column"]?.string else { return false }
            return node.columns.first { $0.name == name }?.granularity.map(fine.contains) ?? false
        }
        guard !isThere else { return }
        throw TransformError(
            .schema,
            "The semantic layer requires a time spine model with granularity DAY or smaller in the project, but none was found.",
            location: first.location, hint: "give a model with a row per day the key 'time_spine'")
    }

    // MARK: Metrics

    /// The metric that a name means.
    static func metric(
        _ name: String, package: String? = nil, _ manifest: Manifest, from caller: String, at location: SourceLocation
    ) throws -> SemanticResource {
        if let found = manifest.resolveMetric(name, package: package, from: caller) { return found }
        let isDisabled = manifest.disabledSemantics.contains { $0.resourceType == .metric && $0.name == name }
        let names = manifest.semantics.values.filter { $0.resourceType == .metric }.map(\.name)
        throw TransformError(
            .schema,
            isDisabled
                ? "The metric `\(name)` is disabled and thus cannot be referenced."
                : "The metric `\(name)` does not exist but was referenced.", location: location,
            hint: isDisabled ? nil : Suggestion.hint(for: name, in: names))
    }

    private mutating func linkMetric(_ id: NodeID) throws {
        guard !done.contains(id), let metric = manifest.semantics[id] else { return }
        guard !path.contains(id) else {
            throw TransformError(
                .cycle,
                "these metrics depend on each other in a circle: \((path + [id]).map(\.rawValue).joined(separator: " -> "))",
                location: metric.location)
        }
        path.append(id)
        defer { path.removeLast() }
        let parameters = metric.definition["type_params"] ?? .null
        switch metric.definition["type"]?.string {
        case "conversion":
            let conversion = parameters["conversion_type_params"] ?? .null
            try linkMeasures([conversion["base_measure"], conversion["conversion_measure"]], of: metric)
            try linkInputs([conversion["base_metric"], conversion["conversion_metric"]], of: metric)
        case "ratio":
            guard parameters["numerator"]?.object != nil, parameters["denominator"]?.object != nil else {
                throw TransformError(
                    .schema, "Invalid ratio metric. Both a numerator and denominator must be specified",
                    location: metric.location)
            }
            try linkInputs([parameters["numerator"], parameters["denominator"]], of: metric, takingMeasures: true)
        case "derived": try linkInputs((parameters["metrics"]?.array ?? []).map { $0 }, of: metric, takingMeasures: true)
        default: try linkSimple(metric, parameters)
        }
        done.insert(id)
    }

    /// Simple and cumulative metrics, which stand on a measure, an aggregation or one other metric.
    private mutating func linkSimple(_ metric: SemanticResource, _ parameters: JSON) throws {
        if parameters["measure"]?.object != nil { return try linkMeasures([parameters["measure"]], of: metric) }
        if let model = parameters["metric_aggregation_params"]?["semantic_model"]?.string {
            return add(NodeID("semantic_model.\(manifest.projectName).\(model)"), to: metric.id)
        }
        if let input = parameters["cumulative_type_params"]?["metric"], input.object != nil {
            return try linkInputs([input], of: metric)
        }
        let type = metric.definition["type"]?.string ?? "simple"
        throw TransformError(
            .schema, "the \(type) metric '\(metric.name)' has no measure\(type == "simple" ? " or 'agg'" : " or 'input_metric'")",
            location: metric.location)
    }

    private mutating func linkMeasures(_ measures: [JSON?], of metric: SemanticResource) throws {
        for measure in measures.compactMap({ $0 }) where measure.object != nil {
            let name = measure["name"]?.string ?? ""
            guard let model = semanticModel(measuring: name) else {
                let names = manifest.semantics.values.flatMap { $0.definition["measures"]?.array ?? [] }
                throw TransformError(
                    .schema, "A semantic model having a measure `\(name)` does not exist but was referenced.",
                    location: metric.location, hint: Suggestion.hint(for: name, in: names.compactMap { $0["name"]?.string }))
            }
            add(measure: measure, to: metric.id)
            add(model, to: metric.id)
        }
    }

    private func semanticModel(measuring name: String) -> NodeID? {
        manifest.semantics.values.first { resource in
            (resource.definition["measures"]?.array ?? []).contains { $0["name"]?.string == name }
        }?.id
    }

    private mutating func linkInputs(_ inputs: [JSON?], of metric: SemanticResource, takingMeasures: Bool = false) throws {
        for input in inputs.compactMap({ $0 }) where input.object != nil {
            let target = try Self.metric(
                input["name"]?.string ?? "", manifest, from: metric.packageName, at: metric.location)
            try linkMetric(target.id)
            if takingMeasures {
                let measures = manifest.semantics[target.id]?.definition["type_params"]?["input_measures"]?.array ?? []
                for measure in measures { add(measure: measure, to: metric.id) }
            }
            add(target.id, to: metric.id)
        }
    }

    private mutating func add(measure: JSON, to id: NodeID) {
        guard var parameters = manifest.semantics[id]?.definition["type_params"]?.object else { return }
        let known = parameters["input_measures"]?.array ?? []
        if known.contains(measure) { return }
        parameters["input_measures"] = .array(known + [measure])
        manifest.semantics[id]?.definition["type_params"] = .object(parameters)
    }

    private mutating func add(_ upstream: NodeID, to id: NodeID) {
        manifest.semantics.update(id) { if !$0.dependsOnNodes.contains(upstream) { $0.dependsOnNodes.append(upstream) } }
    }

    // MARK: Saved queries

    private mutating func linkQuery(_ id: NodeID) throws {
        guard let query = manifest.semantics[id] else { return }
        for name in NodeConfig.strings(query.definition["query_params"]?["metrics"]) {
            add(try Self.metric(name, manifest, from: query.packageName, at: query.location).id, to: id)
        }
    }

    /// A description, or a list of mappings with descriptions, rendered.
    static func describing(_ value: JSON, _ render: (String) throws -> String) rethrows -> JSON {
        switch value {
        case .string(let text): return .string(try render(text))
        case .array(let items):
            return .array(
                try items.map { item in
                    guard var members = item.object, let text = members["description"]?.string else { return item }
                    members["description"] = .string(try render(text))
                    return .object(members)
                })
        default: return value
        }
    }
}

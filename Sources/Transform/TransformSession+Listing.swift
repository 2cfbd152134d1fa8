import Documents

extension TransformSession {
    /// The lines of `ls`, sorted by the ids, as in dbt.
    ///
    /// - Parameter output: `selector` (fully qualified names, sources as `source:a.b.c`), `name`, `path` or `json`.
    package func list(_ output: String = "selector", keys: [String] = [], select: [String]? = nil, exclude: [String]? = nil)
        throws -> [String]
    {
        let selected = try selection(.list, select: select, exclude: exclude)
        return selected.sorted().map { line(for: $0, output, keys) }
    }

    private func line(for id: NodeID, _ output: String, _ keys: [String]) -> String {
        switch output {
        case "name":
            if let source = manifest.sources[id] { return "\(source.sourceName).\(source.name)" }
            return manifest.runnable(id)?.name ?? manifest.exposures[id]?.name ?? manifest.semantics[id]?.name ?? id.rawValue
        case "path":
            return manifest.runnable(id)?.originalPath ?? manifest.sources[id]?.originalPath ?? manifest.exposures[id]?
                .originalPath
                ?? manifest.semantics[id]?.originalPath ?? id.rawValue
        case "json": return json(for: id, keys: keys).text()
        default:
            if let source = manifest.sources[id] { return "source:\(source.packageName).\(source.sourceName).\(source.name)" }
            if let exposure = manifest.exposures[id] { return "exposure:\(exposure.packageName).\(exposure.name)" }
            if let resource = manifest.semantics[id] {
                return "\(resource.resourceType.rawValue):\(resource.packageName).\(resource.name)"
            }
            if let test = manifest.unitTests[id] { return "unit_test:\(test.packageName).\(test.name)" }
            return manifest.nodes[id]?.fqn.joined(separator: ".") ?? id.rawValue
        }
    }

    /// The keys that `ls --output json` has unless others are asked for.
    private func json(for id: NodeID, keys given: [String]) -> JSON {
        let all: JSON =
            if let node = manifest.nodes[id] {
                NodeArtifact.json(of: node, compilation: nil, world: world)
            } else if let source = manifest.sources[id] {
                SourceArtifact.json(of: source)
            } else if let exposure = manifest.exposures[id] {
                ExposureArtifact.json(of: exposure)
            } else if let resource = manifest.semantics[id] {
                SemanticArtifact.json(of: resource)
            } else if let test = manifest.unitTests[id] {
                UnitTestArtifact.json(of: test)
            } else {
                [:]
            }
        let standard = [
            "alias", "name", "package_name", "depends_on", "tags", "config", "resource_type", "source_name",
            "original_file_path", "unique_id",
        ]
        // `--output-keys config.materialized` names what is inside.
        let keys = given.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init) }
        if !keys.isEmpty {
            return .object(
                JSON.Members(
                    pairs: keys.compactMap { key in
                        key.split(separator: ".").reduce(Optional(all)) { $0?[String($1)] }.map { (key, $0) }
                    }))
        }
        return .object(JSON.Members(pairs: standard.compactMap { key in all[key].map { (key, $0) } }))
    }
}

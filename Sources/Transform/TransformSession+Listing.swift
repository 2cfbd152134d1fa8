import Documents
import Jinja

extension TransformSession {
    /// The lines of `ls`, sorted by the ids, as in dbt.
    ///
    /// - Parameter output: `selector` (fully qualified names, sources as `source:a.b.c`), `name`, `path` or `json`.
    package func list(_ output: String = "selector", keys: [String] = [], select: [String]? = nil, exclude: [String]? = nil)
        throws -> [String]
    {
        var selected = try selection(.list, select: select, exclude: exclude)
        // Analyses are listed only where the command line asks for their type.
        if options.resourceTypes.isEmpty { selected = selected.filter { manifest.nodes[$0]?.resourceType != .analysis } }
        return selected.sorted().map { line(for: $0, output, keys) }
    }

    private func line(for id: NodeID, _ output: String, _ keys: [String]) -> String {
        switch output {
        case "name":
            if let source = manifest.sources[id] { return "\(source.sourceName).\(source.name)" }
            if let test = manifest.unitTests[id] { return test.name }
            if let node = manifest.nodes[id] { return node.name + (node.version.map { ".v" + $0 } ?? "") }
            return manifest.exposures[id]?.name ?? manifest.semantics[id]?.name ?? id.rawValue
        case "path":
            return manifest.runnable(id)?.originalPath ?? manifest.sources[id]?.originalPath ?? manifest.exposures[id]?
                .originalPath
                ?? manifest.semantics[id]?.originalPath ?? id.rawValue
        case "json": return PythonJSON.text(of: Value(json(for: id, keys: keys)))
        default:
            if let source = manifest.sources[id] { return "source:\(source.packageName).\(source.sourceName).\(source.name)" }
            if let exposure = manifest.exposures[id] { return "exposure:\(exposure.packageName).\(exposure.name)" }
            if let resource = manifest.semantics[id] {
                return "\(resource.resourceType.rawValue):\(resource.packageName).\(resource.name)"
            }
            if let test = manifest.unitTests[id] { return "unit_test:\(test.packageName).\(test.node.name)" }
            return manifest.nodes[id]?.fqn.joined(separator: ".") ?? id.rawValue
        }
    }

    /// The keys that `ls --output json` has unless others are asked for.
    private func json(for id: NodeID, keys given: [String]) -> JSON {
        var all: JSON =
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
        if let node = manifest.nodes[id], node.resourceType == .model, var members = all.object {
            members.append("direct_parents", .array(node.dependsOnNodes.map { .string($0.rawValue) }))
            all = .object(members)
        }
        let standard: Set<String> = [
            "alias", "name", "package_name", "depends_on", "direct_parents", "tags", "config", "resource_type", "source_name",
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
        // In the order of the manifest.
        let entries = all.object?.entries.filter { standard.contains($0.key) } ?? []
        return .object(JSON.Members(pairs: entries.map { ($0.key, $0.value) }))
    }
}

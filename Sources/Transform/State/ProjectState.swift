import Documents

/// The artifacts of another state of the project: those of production, or of the run before.
final class ProjectState: Sendable {
    /// Nodes, functions and unit tests as manifest.json has them, by id.
    let nodes: [NodeID: JSON]
    let sources: [NodeID: JSON]
    let exposures: [NodeID: JSON]
    /// Metrics, semantic models and saved queries.
    let semantics: [NodeID: JSON]
    let macros: [String: JSON]
    /// How nodes ended, from run_results.json.
    let statuses: [NodeID: Set<String>]
    /// How old sources were, from sources.json: their status and when they were loaded.
    let freshness: [NodeID: (status: String, loadedAt: String)]
    /// Whether there is a sources.json, be it without results.
    let hasFreshness: Bool
    /// Whether there is a manifest.json: without it, nothing can be compared or deferred to.
    let hasManifest: Bool
    let folder: String

    /// Reads what there is; all of it may be missing, as on the first run of a pipeline that keeps its artifacts.
    init(folder: String) throws {
        self.folder = folder
        let manifest = try Self.document("manifest.json", in: folder)
        hasManifest = manifest != nil
        func table(_ keys: String...) -> [NodeID: JSON] {
            var found: [NodeID: JSON] = [:]
            for key in keys {
                for entry in manifest?[key]?.object?.entries ?? [] { found[NodeID(entry.key)] = entry.value }
            }
            return found
        }
        nodes = table("nodes", "unit_tests", "functions")
        sources = table("sources")
        exposures = table("exposures")
        semantics = table("metrics", "semantic_models", "saved_queries")
        macros = Dictionary((manifest?["macros"]?.object?.entries ?? []).map { ($0.key, $0.value) }) { first, _ in first }
        var statuses: [NodeID: Set<String>] = [:]
        for result in try Self.document("run_results.json", in: folder)?["results"]?.array ?? [] {
            guard let id = result["unique_id"]?.string, let status = result["status"]?.string else { continue }
            statuses[NodeID(id), default: []].insert(status)
        }
        self.statuses = statuses
        var freshness: [NodeID: (status: String, loadedAt: String)] = [:]
        let sourcesFile = try Self.document("sources.json", in: folder)
        hasFreshness = sourcesFile != nil
        for result in sourcesFile?["results"]?.array ?? [] {
            guard let id = result["unique_id"]?.string else { continue }
            freshness[NodeID(id)] = (result["status"]?.string ?? "", result["max_loaded_at"]?.string ?? "")
        }
        self.freshness = freshness
    }

    private static func document(_ name: String, in folder: String) throws -> JSON? {
        let path = folder + "/" + name
        guard ProjectFileSystem.exists(path) else { return nil }
        return try JSON(parsing: try ProjectFileSystem.bytes(of: path), file: path)
    }

    /// Where a node is in that state; nil for what is no relation there.
    ///
    /// - Parameter quoting: how the project quotes, unless the node says otherwise.
    func relation(of id: NodeID, quoting: QuotePolicy) -> Relation? {
        guard let node = nodes[id], node["config"]?["materialized"]?.string != "ephemeral",
            let identifier = node["alias"]?.string ?? node["name"]?.string
        else { return nil }
        return Relation(
            database: node["database"]?.string, schema: node["schema"]?.string, identifier: identifier,
            quoting: quoting.merging(node["config"]?["quoting"]?.object))
    }
}

import Documents

/// Tells what changed between another state of the project and this one, in the sense of `state:modified`.
struct StateComparison {
    let state: ProjectState
    let world: RenderWorld
    private let changedMacros: Set<String>

    /// The kinds of change that `state:modified.KIND` names.
    enum Kind: String, CaseIterable {
        case body, configs, relation, persistedDescriptions = "persisted_descriptions", macros, contract
    }

    init(_ state: ProjectState, world: RenderWorld) {
        self.state = state
        self.world = world
        changedMacros = Set(
            world.macros.all.filter { macro in
                guard let old = state.macros[macro.id]?["macro_sql"]?.string else { return true }
                return old.trimmingWhitespaceBytes != macro.source.trimmingWhitespaceBytes
            }.map(\.id))
    }

    func isNew(_ id: NodeID) -> Bool {
        state.nodes[id] == nil && state.sources[id] == nil && state.exposures[id] == nil && state.semantics[id] == nil
    }

    /// - Parameter kind: one kind of change; nil for any.
    func isModified(_ node: Node, _ kind: Kind? = nil) -> Bool {
        guard let old = state.nodes[node.id] else { return true }
        let new = NodeArtifact.json(of: node, compilation: nil, world: world)
        if let kind { return differs(node, old, new, kind) }
        return Kind.allCases.contains { differs(node, old, new, $0) } || old["fqn"] != new["fqn"]
            || old["access"] != new["access"]
    }

    private func differs(_ node: Node, _ old: JSON, _ new: JSON, _ kind: Kind) -> Bool {
        switch kind {
        case .body:
            if node.resourceType == .seed { return old["checksum"]?["checksum"] != new["checksum"]?["checksum"] }
            return old["raw_code"]?.string?.trimmingWhitespaceBytes != node.rawCode.trimmingWhitespaceBytes
        case .configs: return configs(old) != configs(new)
        case .relation:
            // A schema that only the target chooses is no change: what was configured is compared.
            return ["database", "schema", "alias"].contains { old["config"]?[$0] ?? .null != new["config"]?[$0] ?? .null }
        case .persistedDescriptions: return persisted(old, node) != persisted(new, node)
        case .macros: return node.dependsOnMacros.contains(where: changedMacros.contains)
        case .contract: return contract(old) != contract(new)
        }
    }

    /// The configuration as it was written.
    private func configs(_ node: JSON) -> JSON.Members {
        var members = node["unrendered_config"]?.object ?? JSON.Members()
        for key in ["database", "schema", "alias"] { members[key] = nil }
        return JSON.Members(members.entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private func persisted(_ json: JSON, _ node: Node) -> [String] {
        let persists = node.config["persist_docs"]
        var texts: [String] = []
        if persists?["relation"]?.bool ?? false { texts.append(json["description"]?.string ?? "") }
        if persists?["columns"]?.bool ?? false {
            texts += (json["columns"]?.object?.entries ?? []).map { "\($0.key): \($0.value["description"]?.string ?? "")" }
        }
        return texts
    }

    private func contract(_ json: JSON) -> JSON? { json["contract"]?["checksum"] }

    func isModified(_ source: SourceDefinition) -> Bool {
        guard let old = state.sources[source.id] else { return true }
        let new = SourceArtifact.json(of: source)
        return ["fqn", "database", "schema", "identifier", "external", "quoting", "unrendered_config"].contains {
            old[$0] ?? .null != new[$0] ?? .null
        }
    }

    func isModified(_ exposure: Exposure) -> Bool {
        guard let old = state.exposures[exposure.id] else { return true }
        let new = ExposureArtifact.json(of: exposure)
        return ["fqn", "type", "owner", "maturity", "url", "description", "label", "depends_on", "config"].contains {
            old[$0] ?? .null != new[$0] ?? .null
        }
    }

    func isModified(_ resource: SemanticResource) -> Bool {
        guard let old = state.semantics[resource.id] else { return true }
        let new = SemanticArtifact.json(of: resource)
        let ignored: Set<String> = ["created_at", "metadata", "node_relation", "path", "original_file_path", "unrendered_config"]
        return (new.object?.keys ?? []).contains { !ignored.contains($0) && old[$0] ?? .null != new[$0] ?? .null }
    }

    /// Whether the rows of a source are newer than they were in that state.
    func isFresher(_ id: NodeID, in current: ProjectState) -> Bool {
        guard let now = current.freshness[id] else { return false }
        guard let before = state.freshness[id] else { return true }
        return now.loadedAt > before.loadedAt
    }
}

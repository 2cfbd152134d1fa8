import Documents

/// Tells what changed between another state of the project and this one, in the sense of `state:modified`.
///
/// As in dbt, what was written is compared and not what it is today: a schema or database that the target chooses differs
/// from one environment to the next and is no change.
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
        // The built-in macros are Leat's own: another version of it, or a state that dbt-core wrote, changes no project.
        changedMacros = Set(
            world.macros.all.filter { macro in
                guard !MacroLibrary.builtInPackages.contains(macro.package) else { return false }
                guard let old = state.macros[macro.id]?["macro_sql"]?.string else { return true }
                return old.trimmingWhitespaceBytes != macro.source.trimmingWhitespaceBytes
            }.map(\.id))
    }

    func isNew(_ id: NodeID) -> Bool {
        state.nodes[id] == nil && state.sources[id] == nil && state.exposures[id] == nil && state.semantics[id] == nil
    }

    // MARK: Nodes

    /// - Parameter kind: one kind of change; nil for any.
    func isModified(_ node: Node, _ kind: Kind? = nil) -> Bool {
        guard let old = state.nodes[node.id] else { return true }
        let new = NodeArtifact.json(of: node, compilation: nil, world: world)
        if let kind { return differs(node, old, new, kind) }
        if Self.differ(old, new, ["fqn"]) { return true }
        // What a generic test runs follows from its arguments, which are in its name, and from its macro.
        let kinds: [Kind] = node.isGenericTest ? [.configs, .macros] : Kind.allCases
        if kinds.contains(where: { differs(node, old, new, $0) }) { return true }
        switch node.resourceType {
        case .model: return Self.differ(old, new, ["access", "latest_version", "deprecation_date"])
        case .function: return Self.differ(old, new, ["arguments", "returns"])
        default: return false
        }
    }

    private func differs(_ node: Node, _ old: JSON, _ new: JSON, _ kind: Kind) -> Bool {
        switch kind {
        case .body:
            if node.resourceType == .seed { return old["checksum"]?["checksum"] != new["checksum"]?["checksum"] }
            return old["raw_code"]?.string?.trimmingWhitespaceBytes != node.rawCode.trimmingWhitespaceBytes
        case .configs: return Self.configs(old) != Self.configs(new)
        case .relation:
            return Self.differ(
                old["unrendered_config"] ?? [:], new["unrendered_config"] ?? [:], ["database", "schema", "alias"])
        case .persistedDescriptions: return persisted(old, node) != persisted(new, node)
        case .macros:
            guard !changedMacros.isEmpty else { return false }
            let called = node.dependsOnMacros.compactMap { world.macros.macro(id: $0) }
            return !world.macros.dependencies.closure(of: called, in: world.macros).isDisjoint(with: changedMacros)
        case .contract: return contract(old) != contract(new)
        }
    }

    private static func differ(_ old: JSON, _ new: JSON, _ keys: [String]) -> Bool {
        keys.contains { old[$0] ?? .null != new[$0] ?? .null }
    }

    /// The configuration as it was written, without what tells where something is or groups it.
    private static func configs(_ node: JSON) -> JSON.Members {
        var members = node["unrendered_config"]?.object ?? JSON.Members()
        for key in ["database", "schema", "alias", "tags", "group"] { members[key] = nil }
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

    // MARK: Other resources

    func isModified(_ source: SourceDefinition, _ kind: Kind? = nil) -> Bool {
        guard let old = state.sources[source.id] else { return true }
        let new = SourceArtifact.json(of: source)
        let relation = ["unrendered_database", "unrendered_schema", "identifier"]
        switch kind {
        case .configs: return Self.configs(old) != Self.configs(new)
        case .relation: return Self.differ(old, new, relation)
        case nil:
            return Self.configs(old) != Self.configs(new)
                || Self.differ(old, new, relation + ["fqn", "quoting", "freshness", "loaded_at_field", "external"])
        default: return false
        }
    }

    func isModified(_ test: UnitTest, _ kind: Kind? = nil) -> Bool {
        guard kind == nil else { return false }
        return state.nodes[test.id]?["checksum"]?.string != UnitTestChecksum.value(of: test)
    }

    func isModified(_ exposure: Exposure, _ kind: Kind? = nil) -> Bool {
        guard let old = state.exposures[exposure.id] else { return true }
        let new = ExposureArtifact.json(of: exposure)
        switch kind {
        case .configs: return Self.configs(old) != Self.configs(new)
        case nil:
            return Self.configs(old) != Self.configs(new)
                || Self.differ(old, new, ["fqn", "type", "owner", "maturity", "url", "description", "label", "depends_on"])
        default: return false
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

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
        guard let old = state.nodes[node.id] else { return kind == .macros ? usesChangedMacros(node) : true }
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
            if node.resourceType == .seed {
                return Self.differ(old["checksum"] ?? [:], new["checksum"] ?? [:], ["name", "checksum"])
            }
            return old["raw_code"]?.string?.trimmingWhitespaceBytes != node.rawCode.trimmingWhitespaceBytes
        case .configs:
            return node.resourceType == .test
                ? Self.configsDiffer(old, new, only: Self.testModifiers)
                : Self.configsDiffer(old, new, except: ["database", "schema", "alias", "tags", "group"])
        case .relation:
            return Self.differ(
                old["unrendered_config"] ?? [:], new["unrendered_config"] ?? [:], ["database", "schema", "alias"])
        case .persistedDescriptions: return persisted(old, node) != persisted(new, node)
        case .macros: return usesChangedMacros(node)
        case .contract: return node.resourceType == .model && !Self.hasSameContract(old, new)
        }
    }

    private func usesChangedMacros(_ node: Node) -> Bool {
        guard !changedMacros.isEmpty else { return false }
        let called = node.dependsOnMacros.compactMap { world.macros.macro(id: $0) }
        return !world.macros.dependencies.closure(of: called, in: world.macros).isDisjoint(with: changedMacros)
    }

    /// The settings of a test that change its result; others, such as tags, are no change.
    private static let testModifiers: Set<String> = [
        "severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as", "sql_header",
    ]

    private static func differ(_ old: JSON, _ new: JSON, _ keys: [String]) -> Bool {
        keys.contains { !isSame(old[$0] ?? .null, new[$0] ?? .null) }
    }

    /// Whether two values are equal, in whatever order mappings have their keys.
    static func isSame(_ old: JSON, _ new: JSON) -> Bool {
        switch (old, new) {
        case (.object(let old), .object(let new)):
            old.count == new.count && old.entries.allSatisfy { entry in new[entry.key].map { isSame(entry.value, $0) } ?? false }
        case (.array(let old), .array(let new)):
            old.count == new.count && zip(old, new).allSatisfy { isSame($0, $1) }
        default: old == new
        }
    }

    /// Whether the configurations differ as they were written.
    private static func configsDiffer(
        _ old: JSON, _ new: JSON, except ignored: Set<String> = [], only wanted: Set<String>? = nil
    ) -> Bool {
        let old = old["unrendered_config"]?.object ?? JSON.Members()
        let new = new["unrendered_config"]?.object ?? JSON.Members()
        return Set(old.keys).union(new.keys).subtracting(ignored).contains { key in
            guard wanted?.contains(key) ?? true else { return false }
            guard let before = old[key], let now = new[key] else { return true }
            return !isSame(before, now)
        }
    }

    private func persisted(_ json: JSON, _ node: Node) -> [String: String] {
        let persists = node.config["persist_docs"]
        var texts: [String: String] = [:]
        if persists?["columns"]?.bool ?? false {
            for column in json["columns"]?.object?.entries ?? [] {
                texts[column.key] = column.value["description"]?.string ?? ""
            }
        }
        // No column has an empty name.
        if persists?["relation"]?.bool ?? false { texts[""] = json["description"]?.string ?? "" }
        return texts
    }

    // MARK: Other resources
    // What is new of these is not modified, other than nodes, as in dbt; but its settings are.

    func isModified(_ source: SourceDefinition, _ kind: Kind? = nil) -> Bool {
        guard let old = state.sources[source.id] else { return kind == .configs || kind == .relation }
        let new = SourceArtifact.json(of: source)
        let isRendered = world.root.definition.flags["state_modified_compare_more_unrendered_values"]?.bool == false
        let relation =
            isRendered ? ["database", "schema", "identifier"] : ["unrendered_database", "unrendered_schema", "identifier"]
        switch kind {
        case .configs: return Self.configsDiffer(old, new)
        case .relation: return Self.differ(old, new, relation)
        case nil:
            return Self.configsDiffer(old, new)
                || Self.differ(old, new, relation + ["fqn", "quoting", "freshness", "loaded_at_field", "external"])
        default: return false
        }
    }

    func isModified(_ test: UnitTest, _ kind: Kind? = nil) -> Bool {
        guard kind == nil else { return false }
        return state.nodes[test.id]?["checksum"]?.string != UnitTestChecksum.value(of: test)
    }

    func isModified(_ exposure: Exposure, _ kind: Kind? = nil) -> Bool {
        guard let old = state.exposures[exposure.id] else { return kind == .configs }
        let new = ExposureArtifact.json(of: exposure)
        func upstream(_ json: JSON) -> Set<String> { Set((json["depends_on"]?["nodes"]?.array ?? []).compactMap(\.string)) }
        switch kind {
        case .configs: return Self.configsDiffer(old, new)
        case nil:
            return Self.configsDiffer(old, new) || upstream(old) != upstream(new)
                || Self.differ(old, new, ["fqn", "type", "owner", "maturity", "url", "description", "label"])
        default: return false
        }
    }

    func isModified(_ resource: SemanticResource, _ kind: Kind? = nil) -> Bool {
        guard let old = state.semantics[resource.id] else { return kind == .configs }
        let new = SemanticArtifact.json(of: resource)
        let configsDiffer =
            resource.resourceType == .metric
            ? Self.configsDiffer(old, new, except: ["group"]) : Self.differ(old, new, ["config"])
        guard kind == nil else { return kind == .configs && configsDiffer }
        // As in dbt, what a metric computes is not compared.
        let keys =
            switch resource.resourceType {
            case .metric: ["type", "description", "label"]
            case .semanticModel:
                ["model", "description", "defaults", "entities", "dimensions", "measures", "primary_entity", "group"]
            default: ["description", "label", "group", "tags"]
            }
        if configsDiffer || Self.differ(old, new, keys) { return true }
        guard resource.resourceType == .savedQuery else { return false }
        return Self.differ(old["query_params"] ?? [:], new["query_params"] ?? [:], ["metrics", "group_by", "where"])
            || exportsDiffer(old["exports"]?.array ?? [], new["exports"]?.array ?? [])
    }

    private func exportsDiffer(_ old: [JSON], _ new: [JSON]) -> Bool {
        old.count != new.count
            || zip(old, new).contains { old, new in
                Self.differ(old, new, ["name"])
                    || Self.differ(
                        old["unrendered_config"] ?? [:], new["unrendered_config"] ?? [:], ["export_as", "schema", "alias"])
            }
    }

    /// Whether the rows of a source are newer than they were in that state.
    func isFresher(_ id: NodeID, in current: ProjectState) -> Bool {
        guard let now = current.freshness[id] else { return false }
        guard let before = state.freshness[id] else { return true }
        return now.loadedAt > before.loadedAt
    }
}

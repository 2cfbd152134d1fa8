import Documents

/// Contracts that were enforced in another state and are broken here.
extension StateComparison {
    /// What breaks a model's contract: a model without versions is warned of, one with versions may not be changed so.
    struct BrokenContract {
        var name: String
        var path: String
        var version: String?
        var changes: [String]

        var warning: String {
            "Breaking change to contracted, unversioned model \(name) (\(path))\n"
                + "While comparing to previous project state, dbt detected a breaking change to an unversioned model."
                + "\n  - \(changes.joined(separator: "\n  - "))\n"
        }
    }

    /// Whether a model's contract is the one of the other state.
    static func hasSameContract(_ old: JSON, _ new: JSON) -> Bool {
        if !isEnforced(old), !isEnforced(new) { return true }
        return isEnforced(old) && isEnforced(new) && old["contract"]?["checksum"] == new["contract"]?["checksum"]
    }

    private static func isEnforced(_ node: JSON) -> Bool { node["contract"]?["enforced"]?.bool ?? false }

    /// Whether a word of `state:` looks at contracts.
    private static func looksAtContracts(_ value: String) -> Bool {
        ["modified", "unmodified", "modified.contract"].contains(value)
    }

    /// - Throws: ``TransformError`` for a model with versions whose contract is broken.
    func checkContracts(for value: String, in manifest: Manifest) throws(TransformError) {
        guard Self.looksAtContracts(value), let broken = brokenContracts(in: manifest).first(where: { $0.version != nil }) else {
            return
        }
        throw TransformError(
            .selector,
            "While comparing to previous project state, dbt detected a breaking change to an enforced contract of "
                + "\(broken.name) (\(broken.path)).\n  - \(broken.changes.joined(separator: "\n  - "))",
            hint: "make an additive (non-breaking) change instead, or create a new model version")
    }

    /// The warnings that a selection gives rise to.
    func contractWarnings(_ expression: SelectionExpression, in manifest: Manifest) -> [String] {
        func looks(_ expression: SelectionExpression) -> Bool {
            switch expression {
            case .criterion(let criterion): criterion.method == .state && Self.looksAtContracts(criterion.value)
            case .union(let parts), .intersection(let parts): parts.contains(where: looks)
            case .difference(let included, let excluded): looks(included) || looks(excluded)
            case .gathered(let inner): looks(inner)
            }
        }
        guard looks(expression) else { return [] }
        return brokenContracts(in: manifest).filter { $0.version == nil }.map(\.warning)
    }

    private func brokenContracts(in manifest: Manifest) -> [BrokenContract] {
        let models = state.nodes.filter { $0.value["resource_type"]?.string == "model" && Self.isEnforced($0.value) }
        return models.sorted { $0.key < $1.key }.compactMap { id, old in
            let name = old["name"]?.string ?? ""
            guard let node = manifest.nodes[id] else {
                let disabled = manifest.disabled.contains { $0.id == id }
                if let date = old["deprecation_date"]?.string.flatMap(DateTimeStamp.init(parsing:)),
                    date.secondsSince1970 < DateTimeStamp.now().secondsSince1970
                {
                    return nil
                }
                return BrokenContract(
                    name: name, path: old["original_file_path"]?.string ?? "", version: old["version"].flatMap(Self.version),
                    changes: ["Contracted model '\(id)' was \(disabled ? "disabled" : "deleted or renamed")."])
            }
            let new = NodeArtifact.json(of: node, compilation: nil, world: world)
            if Self.isEnforced(new), old["contract"]?["checksum"] == new["contract"]?["checksum"] { return nil }
            let changes = Self.breakingChanges(old, new)
            return changes.isEmpty
                ? nil : BrokenContract(name: name, path: node.originalPath, version: node.version, changes: changes)
        }
    }

    private static func version(_ value: JSON) -> String? { value.isNull ? nil : value.string ?? value.text() }

    private static func breakingChanges(_ old: JSON, _ new: JSON) -> [String] {
        var removed: [String] = []
        var retyped: [String] = []
        var loosened: [String] = []
        var hasConstraints = false
        let enforces = enforcesConstraints(old)
        let columns = new["columns"]?.object ?? JSON.Members()
        for (name, column) in (old["columns"]?.object?.entries ?? []).map({ ($0.key, $0.value) }).sorted(by: { $0.0 < $1.0 }) {
            hasConstraints = hasConstraints || !(column["constraints"]?.array ?? []).isEmpty
            guard let now = columns[name] else {
                removed.append(name)
                continue
            }
            let (before, after) = (column["data_type"]?.string, now["data_type"]?.string)
            if baseType(before) != baseType(after) { retyped.append("\(name) (\(before ?? "None") -> \(after ?? "None"))") }
            if enforces {
                loosened += dropped(column["constraints"], now["constraints"]).map { "'\($0)' constraint on column \(name)" }
            }
        }
        let models = enforces ? dropped(old["constraints"], new["constraints"]) : []
        var changes: [String] = []
        func add(_ title: String, _ items: [String]) {
            if !items.isEmpty { changes.append("\(title): \n    - \(items.joined(separator: "\n    - "))") }
        }
        if !isEnforced(new) {
            changes.append(
                "Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured to "
                    + "enforce its contract, and this is a breaking change.")
        }
        add("Columns were removed", removed)
        add("Columns with data_type changes", retyped)
        add("Enforced column level constraints were removed", loosened)
        add("Enforced model level constraints were removed", models.map { "'\($0)' constraint" })
        if enforces, !enforcesConstraints(new), hasConstraints || !(old["constraints"]?.array ?? []).isEmpty {
            let kinds = [old, new].map { $0["config"]?["materialized"]?.string ?? "" }
            add("Materialization changed with enforced constraints", [kinds.joined(separator: " -> ")])
        }
        return changes
    }

    private static func enforcesConstraints(_ node: JSON) -> Bool {
        ["table", "incremental"].contains(node["config"]?["materialized"]?.string ?? "")
    }

    /// Lengths and precisions break nothing.
    private static func baseType(_ type: String?) -> String? {
        type.map { $0.prefix { $0 != "(" }.lowercased().trimmingSpaces }
    }

    /// The names of constraints that are there no more; PostgreSQL enforces all but custom ones.
    private static func dropped(_ old: JSON?, _ new: JSON?) -> [String] {
        let now = new?.array ?? []
        return (old?.array ?? []).filter { constraint in
            constraint["type"]?.string != "custom" && !now.contains { isSame(constraint, $0) }
        }.map { $0["name"]?.string ?? $0["type"]?.string ?? "" }
    }
}

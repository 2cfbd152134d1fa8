import Diagnostics

extension NodeSelector {
    /// Whether everything is there that the words of a selection compare with.
    ///
    /// - Throws: ``TransformError`` that says what is missing.
    ///
    /// - Parameter names: the selectors that led here.
    func check(_ expression: SelectionExpression, in names: [String] = []) throws(TransformError) {
        switch expression {
        case .union(let parts), .intersection(let parts): for part in parts { try check(part, in: names) }
        case .difference(let included, let excluded):
            try check(included, in: names)
            try check(excluded, in: names)
        case .gathered(let inner): try check(inner, in: names)
        case .criterion(let criterion): try check(criterion, in: names)
        }
    }

    private func check(_ criterion: SelectionCriterion, in outer: [String]) throws(TransformError) {
        switch criterion.method {
        case .state:
            let parts = criterion.value.split(separator: ".", maxSplits: 1).map(String.init)
            let names = ["new", "old", "modified", "unmodified"]
            let kinds = StateComparison.Kind.allCases.map(\.rawValue)
            guard let first = parts.first, names.contains(first),
                parts.count < 2 || (first == "modified" && kinds.contains(parts[1]))
            else {
                throw TransformError(
                    .selector, "'\(criterion.raw)': '\(criterion.value)' is no value of 'state'",
                    hint: Suggestion.hint(for: criterion.value, in: names)
                        ?? "one of: \(names.joined(separator: ", ")), modified.{\(kinds.joined(separator: ", "))}")
            }
            guard comparison != nil else {
                throw TransformError(
                    .selector, "Got a state selector method, but no comparison manifest", hint: "name a folder with --state")
            }
            try comparison?.checkContracts(for: criterion.value, in: manifest)
        case .result:
            guard let state = states.previous, !state.statuses.isEmpty else {
                throw TransformError(
                    .selector, "No comparison run_results", hint: "name a folder with run_results.json with --state")
            }
        case .sourceStatus:
            guard let state = states.previous, state.hasFreshness else {
                throw TransformError(
                    .selector, "No previous state comparison freshness results in sources.json",
                    hint: "name a folder with sources.json with --state")
            }
        case .selector:
            let named = selectors(fitting: criterion.value)
            guard !named.isEmpty else { throw unknownSelector(criterion.value) }
            for selector in named {
                guard !outer.contains(selector.name) else {
                    throw TransformError(
                        .selector,
                        "Circular dependency detected in selector: \((outer + [selector.name]).joined(separator: " > "))",
                        hint: "take one of these out of the other's definition")
                }
                try check(selector.expression, in: outer + [selector.name])
            }
        default: break
        }
    }

    func unknownSelector(_ name: String) -> TransformError {
        let names = selectors.map(\.name)
        return TransformError(
            .selector, "Could not find selector named \(name), expected one of \(names)",
            hint: Suggestion.hint(for: name, in: names))
    }

    /// The nodes that a word means which compares with another state, or names a selector; nil for other words.
    func stateMatches(_ criterion: SelectionCriterion) -> Set<Int>? {
        switch criterion.method {
        case .state:
            guard let comparison else { return [] }
            return Set(graph.ids.indices.filter { isInState(graph.ids[$0], criterion.value, comparison) })
        case .result:
            return Set(graph.ids.indices.filter { states.previous?.statuses[graph.ids[$0]]?.contains(criterion.value) ?? false })
        case .sourceStatus:
            guard let previous = states.previous, let current = states.current, let comparison else { return [] }
            guard criterion.value == "fresher" else {
                return Set(graph.ids.indices.filter { previous.freshness[graph.ids[$0]]?.status == criterion.value })
            }
            return Set(graph.ids.indices.filter { comparison.isFresher(graph.ids[$0], in: current) })
        case .selector:
            return selectors(fitting: criterion.value).reduce(into: []) { $0.formUnion(selected($1.expression)) }
        default: return nil
        }
    }

    private func selectors(fitting pattern: String) -> [NamedSelector] {
        let pattern = GlobPattern(pattern)
        return selectors.filter { pattern.matches($0.name) }
    }

    private func isInState(_ id: NodeID, _ value: String, _ comparison: StateComparison) -> Bool {
        let parts = value.split(separator: ".", maxSplits: 1).map(String.init)
        switch parts.first {
        case "new": return comparison.isNew(id)
        case "old": return !comparison.isNew(id)
        case "unmodified": return !comparison.isNew(id) && !isModified(id, nil, comparison)
        default: return isModified(id, parts.count > 1 ? StateComparison.Kind(rawValue: parts[1]) : nil, comparison)
        }
    }

    private func isModified(_ id: NodeID, _ kind: StateComparison.Kind?, _ comparison: StateComparison) -> Bool {
        if let node = manifest.nodes[id] { return comparison.isModified(node, kind) }
        if let source = manifest.sources[id] { return comparison.isModified(source, kind) }
        if let test = manifest.unitTests[id] { return comparison.isModified(test, kind) }
        if let exposure = manifest.exposures[id] { return comparison.isModified(exposure, kind) }
        if let resource = manifest.semantics[id] { return comparison.isModified(resource, kind) }
        return false
    }
}

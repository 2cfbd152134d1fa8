import OrderedCollections

/// Finds the nodes that a selection means.
struct NodeSelector {
    let manifest: Manifest
    let graph: NodeGraph
    let projectFolder: String
    let indirectSelection: IndirectSelection
    var states = States()
    /// What `state:` compares with; nil where no state is known.
    var comparison: StateComparison?
    var selectors: [NamedSelector] = []

    /// - Parameter types: the types of resources that may come out.
    func select(_ expression: SelectionExpression, types: Set<ResourceType>) -> Set<NodeID> {
        let (direct, indirect) = evaluate(expression)
        let chosen = incorporate(indirect, into: direct)
        var ids: Set<NodeID> = []
        for index in chosen where types.contains(type(of: index)) {
            let id = graph.ids[index]
            // Tests of what is switched off are in the manifest, and never run.
            if manifest.nodes[id]?.config.isEnabled ?? true, !isEmpty(id) { ids.insert(id) }
        }
        return ids
    }

    /// The words of a selection that select nothing, for a warning; an intersection counts as a whole, as in dbt.
    func idleCriteria(in expression: SelectionExpression) -> [String] {
        switch expression {
        case .criterion, .intersection: evaluate(expression).direct.isEmpty ? [expression.raw] : []
        case .union(let parts): parts.flatMap(idleCriteria)
        case .difference(let included, let excluded): idleCriteria(in: included) + idleCriteria(in: excluded)
        }
    }

    /// A file without anything in it is no node to speak of.
    private func isEmpty(_ id: NodeID) -> Bool {
        guard let node = manifest.nodes[id], node.resourceType == .model || node.isSingularTest else { return false }
        return node.rawCode.isEmpty
    }

    private func type(of index: Int) -> ResourceType {
        let id = graph.ids[index]
        if let node = manifest.nodes[id] { return node.resourceType }
        if manifest.sources[id] != nil { return .source }
        if let resource = manifest.semantics[id] { return resource.resourceType }
        return manifest.exposures[id] != nil ? .exposure : .unitTest
    }

    /// The nodes selected, and the tests that touch them but must wait for the rest of the selection.
    private func evaluate(_ expression: SelectionExpression) -> (direct: Set<Int>, indirect: Set<Int>) {
        switch expression {
        case .criterion(let criterion):
            return expand(neighbours(of: matches(criterion), criterion))
        case .union(let parts) where parts.isEmpty:
            return (Set(graph.ids.indices), [])
        case .union(let parts):
            let results = parts.map(evaluate)
            return (
                results.reduce(into: []) { $0.formUnion($1.direct) }, results.reduce(into: []) { $0.formUnion($1.indirect) }
            )
        case .intersection(let parts):
            let results = parts.map(evaluate)
            let direct = results.dropFirst().reduce(results.first?.direct ?? []) { $0.intersection($1.direct) }
            return (direct, results.reduce(into: []) { $0.formUnion($1.indirect) })
        case .difference(let included, let excluded):
            let (direct, indirect) = evaluate(included)
            let away = evaluate(excluded)
            let kept = incorporate(indirect, into: direct)
            return (kept.subtracting(away.direct), indirect.subtracting(away.direct))
        }
    }

    /// The nodes that an expression means, tests that come along aside.
    func directly(_ expression: SelectionExpression) -> Set<Int> { evaluate(expression).direct }

    private func matches(_ criterion: SelectionCriterion) -> Set<Int> {
        if let found = stateMatches(criterion) { return found }
        let matcher = CriterionMatcher(criterion, projectFolder: projectFolder, projectName: manifest.projectName)
        var found: Set<Int> = []
        for (index, id) in graph.ids.enumerated() {
            let fits =
                if let node = manifest.nodes[id] {
                    matcher.matches(node)
                } else if let source = manifest.sources[id] {
                    matcher.matches(source)
                } else if let exposure = manifest.exposures[id] {
                    matcher.matches(exposure)
                } else if let resource = manifest.semantics[id] {
                    matcher.matches(resource)
                } else if let test = manifest.unitTests[id] {
                    matcher.matches(test.node)
                } else {
                    false
                }
            if fits { found.insert(index) }
        }
        return found
    }

    private func neighbours(of nodes: Set<Int>, _ criterion: SelectionCriterion) -> Set<Int> {
        var all = nodes
        if criterion.childrensParents {
            all.formUnion(graph.descendants(of: nodes))
            all.formUnion(graph.ancestors(of: all))
            return all
        }
        if criterion.parents { all.formUnion(graph.ancestors(of: nodes, depth: criterion.parentsDepth)) }
        if criterion.children { all.formUnion(graph.descendants(of: nodes, depth: criterion.childrenDepth)) }
        return all
    }

    /// Adds the tests of the selected nodes, as far as the mode of indirect selection allows.
    private func expand(_ selected: Set<Int>) -> (direct: Set<Int>, indirect: Set<Int>) {
        var direct = selected
        var indirect: Set<Int> = []
        guard indirectSelection != .empty else { return (direct, indirect) }
        let buildable = indirectSelection == .buildable ? buildableNodes(selected) : []
        for node in selected {
            for child in graph.children[node] where !selected.contains(child) && [.test, .unitTest].contains(type(of: child)) {
                let parents = graph.parents[child]
                if indirectSelection == .eager || parents.allSatisfy(selected.contains)
                    || (indirectSelection == .buildable && parents.allSatisfy(buildable.contains))
                {
                    direct.insert(child)
                } else {
                    indirect.insert(child)
                }
            }
        }
        return (direct, indirect)
    }

    private func incorporate(_ indirect: Set<Int>, into direct: Set<Int>) -> Set<Int> {
        guard !indirect.isEmpty else { return direct }
        let allowed = indirectSelection == .buildable ? buildableNodes(direct) : direct
        return direct.union(indirect.filter { graph.parents[$0].allSatisfy(allowed.contains) })
    }

    private func buildableNodes(_ selected: Set<Int>) -> Set<Int> {
        selected.union(graph.ancestors(of: selected)).union(graph.ids.indices.filter { type(of: $0) == .source })
    }
}

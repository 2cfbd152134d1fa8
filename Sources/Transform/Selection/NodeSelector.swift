import OrderedCollections

/// Finds the nodes that a selection means.
struct NodeSelector {
    let manifest: Manifest
    let graph: NodeGraph
    let projectFolder: String
    let indirectSelection: IndirectSelection
    /// The types of resources that may come out.
    var types: Set<ResourceType>
    var states = States()
    /// What `state:` compares with; nil where no state is known.
    var comparison: StateComparison?
    var selectors: [NamedSelector] = []

    func select(_ expression: SelectionExpression) -> Set<NodeID> {
        Set(selected(expression).map { graph.ids[$0] })
    }

    /// What an expression selects, of the types that may come out.
    func selected(_ expression: SelectionExpression) -> Set<Int> {
        evaluate(expression).direct.filter { index in
            let id = graph.ids[index]
            // Tests of what is switched off are in the manifest, and never run.
            return types.contains(type(of: index)) && manifest.nodes[id]?.config.isEnabled ?? true && !isEmpty(id)
        }
    }

    /// The words of the command line that select nothing, for a warning; an intersection counts as a whole, as in dbt.
    func idleCriteria(in expression: SelectionExpression) -> [String] {
        switch expression {
        case .gathered(.union(let words)): words.filter { evaluate($0).direct.isEmpty }.map(\.raw)
        case .difference(let included, let excluded): idleCriteria(in: included) + idleCriteria(in: excluded)
        default: []
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

    /// The nodes selected, and these with the tests that touch them but must wait for the rest of the selection.
    private func evaluate(_ expression: SelectionExpression) -> (direct: Set<Int>, indirect: Set<Int>) {
        switch expression {
        case .criterion(let criterion):
            return expand(neighbours(of: matches(criterion), criterion), criterion)
        case .union(let parts) where parts.isEmpty:
            let everything = Set(graph.ids.indices)
            return (everything, everything)
        case .union(let parts):
            let results = parts.map(evaluate)
            return (
                results.reduce(into: []) { $0.formUnion($1.direct) }, results.reduce(into: []) { $0.formUnion($1.indirect) }
            )
        case .intersection(let parts):
            let results = parts.map(evaluate)
            return (
                results.dropFirst().reduce(results.first?.direct ?? []) { $0.intersection($1.direct) },
                results.dropFirst().reduce(results.first?.indirect ?? []) { $0.intersection($1.indirect) }
            )
        case .difference(let included, let excluded):
            let (kept, away) = (evaluate(included), evaluate(excluded))
            return (kept.direct.subtracting(away.direct), kept.indirect.subtracting(away.indirect))
        case .gathered(let inner):
            let (direct, indirect) = evaluate(inner)
            return (incorporate(indirect, into: direct), indirect)
        }
    }

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
    private func expand(_ selected: Set<Int>, _ criterion: SelectionCriterion) -> (direct: Set<Int>, indirect: Set<Int>) {
        let mode = criterion.indirectSelection ?? indirectSelection
        // A selector has said itself which tests it wants.
        guard mode != .empty, criterion.method != .selector else { return (selected, selected) }
        var direct = selected
        var indirect = selected
        let sources = graph.ids.indices.filter { type(of: $0) == .source }
        let buildable = mode == .buildable ? selected.union(graph.ancestors(of: selected)).union(sources) : []
        for node in selected {
            for child in graph.children[node] where !selected.contains(child) && [.test, .unitTest].contains(type(of: child)) {
                let parents = graph.parents[child]
                if mode == .eager || parents.allSatisfy(selected.contains)
                    || (mode == .buildable && parents.allSatisfy(buildable.contains))
                {
                    direct.insert(child)
                }
                indirect.insert(child)
            }
        }
        return (direct, indirect)
    }

    /// Adds the data tests whose inputs are all there now.
    private func incorporate(_ indirect: Set<Int>, into direct: Set<Int>) -> Set<Int> {
        guard indirect != direct, [.cautious, .buildable].contains(indirectSelection) else { return direct }
        let allowed = indirectSelection == .buildable ? direct.union(graph.ancestors(of: direct)) : direct
        return direct.union(
            indirect.filter { type(of: $0) != .unitTest && graph.parents[$0].allSatisfy(allowed.contains) })
    }
}

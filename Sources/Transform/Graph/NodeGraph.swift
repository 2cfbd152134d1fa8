/// Which node needs which: the manifest as numbers.
package struct NodeGraph: Sendable {
    package let ids: [NodeID]
    let indexes: [NodeID: Int]
    var parents: [[Int]]
    var children: [[Int]]

    /// Nodes, sources and exposures of a manifest.
    package init(_ manifest: Manifest) {
        var ids = Array(manifest.nodes.keys)
        ids += manifest.sources.keys
        ids += manifest.exposures.keys
        ids += manifest.semantics.keys
        ids += manifest.unitTests.keys
        self.ids = ids
        indexes = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
        parents = Array(repeating: [], count: ids.count)
        children = Array(repeating: [], count: ids.count)
        for (id, node) in manifest.nodes { link(id, to: node.dependsOnNodes) }
        for (id, exposure) in manifest.exposures { link(id, to: exposure.dependsOnNodes) }
        for (id, resource) in manifest.semantics { link(id, to: resource.dependsOnNodes) }
        for (id, test) in manifest.unitTests { link(id, to: test.dependsOnNodes) }
    }

    private mutating func link(_ id: NodeID, to upstream: [NodeID]) {
        guard let child = indexes[id] else { return }
        for parent in upstream.compactMap({ indexes[$0] }) { connect(parent, to: child) }
    }

    mutating func connect(_ parent: Int, to child: Int) {
        parents[child].append(parent)
        children[parent].append(child)
    }

    func index(of id: NodeID) -> Int? { indexes[id] }

    /// Everything reachable, `depth` steps far at most, without the start.
    func reachable(from start: some Sequence<Int>, over edges: [[Int]], depth: Int? = nil) -> Set<Int> {
        var seen = Set(start)
        let origin = seen
        var frontier = Array(seen)
        var step = 0
        while !frontier.isEmpty, depth.map({ step < $0 }) ?? true {
            var next: [Int] = []
            for node in frontier {
                for neighbour in edges[node] where seen.insert(neighbour).inserted { next.append(neighbour) }
            }
            frontier = next
            step += 1
        }
        return seen.subtracting(origin)
    }

    func ancestors(of nodes: some Sequence<Int>, depth: Int? = nil) -> Set<Int> {
        reachable(from: nodes, over: parents, depth: depth)
    }

    func descendants(of nodes: some Sequence<Int>, depth: Int? = nil) -> Set<Int> {
        reachable(from: nodes, over: children, depth: depth)
    }
}

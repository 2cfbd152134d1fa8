extension NodeGraph {
    /// All nodes so that each comes after those it needs; among equals the order of the manifest.
    ///
    /// - Throws: ``TransformError`` with code `transform.cycle` that names the circle.
    func topologicalOrder() throws(TransformError) -> [Int] {
        var missing = parents.map(\.count)
        var ready = ids.indices.filter { missing[$0] == 0 }
        var order: [Int] = []
        order.reserveCapacity(ids.count)
        var next = 0
        while next < ready.count {
            let node = ready[next]
            next += 1
            order.append(node)
            for child in children[node] {
                missing[child] -= 1
                if missing[child] == 0 { ready.append(child) }
            }
        }
        if order.count < ids.count { throw cycle(among: Set(ids.indices.filter { missing[$0] > 0 })) }
        return order
    }

    /// Walks from child to parent inside of what cannot be ordered until a node comes up twice.
    private func cycle(among nodes: Set<Int>) -> TransformError {
        var path: [Int] = []
        var positions: [Int: Int] = [:]
        var current = nodes.min() ?? 0
        while positions[current] == nil {
            positions[current] = path.count
            path.append(current)
            guard let parent = parents[current].first(where: nodes.contains) else { break }
            current = parent
        }
        let circle = path[(positions[current] ?? 0)...] + [current]
        var hint = "each needs the next one; take one ref() out"
        if circle.count == 2 { hint = "take the ref() of itself out; for an incremental model's own table write {{ this }}" }
        let names = circle.map { ids[$0].rawValue }
        return TransformError(
            .cycle, "these nodes depend on each other in a circle: \(names.joined(separator: " -> "))",
            hint: hint)
    }
}

extension NodeGraph {
    /// Adds edges so that what follows a node waits for the node's tests, as `build` does.
    ///
    /// A test of one node comes before all that need the node. A test of several nodes comes before each node that
    /// needs all of them.
    mutating func addTestEdges(isTest: (NodeID) -> Bool) {
        let isTest = ids.map(isTest)
        let original = children
        var walk = DescendantWalk(count: ids.count)
        for test in ids.indices where isTest[test] {
            let above = Set(parents[test])
            let followers: [Int]
            if above.count == 1, let node = above.first {
                followers = original[node].filter { !isTest[$0] }
            } else if above.count > 1 {
                followers = nearest(after: above, over: original, excluding: isTest, &walk)
            } else {
                followers = []
            }
            for follower in followers { connect(test, to: follower) }
        }
    }

    /// Turns the edges of unit tests around: they need what their model needs, and the model waits for them.
    mutating func moveUnitTestsUp(isUnitTest: (NodeID) -> Bool) {
        for test in ids.indices where isUnitTest(ids[test]) {
            for model in parents[test] {
                children[model].removeAll { $0 == test }
                parents[test].removeAll { $0 == model }
                for above in parents[model] where above != test && !isUnitTest(ids[above]) { connect(above, to: test) }
                connect(test, to: model)
            }
        }
    }

    /// The first nodes on each way that have all of `nodes` above them.
    private func nearest(
        after nodes: Set<Int>, over edges: [[Int]], excluding isTest: [Bool], _ walk: inout DescendantWalk
    ) -> [Int] {
        walk.begin()
        for node in nodes where !walk.follow(node, over: edges) { return [] }
        func isCandidate(_ node: Int) -> Bool { walk.isCommon(node) && !isTest[node] && !nodes.contains(node) }
        return walk.common.filter { node in isCandidate(node) && !parents[node].contains(where: isCandidate) }.sorted()
    }
}

/// Finds what several nodes have below them in common, many times over, without a set for each of them.
private struct DescendantWalk {
    /// In which step a node was last reached. Steps are numbered on and on, so that nothing has to be reset.
    private var steps: [Int]
    private var step = 0
    /// What all nodes so far have below them.
    private(set) var common: [Int] = []
    private var isFirst = true

    init(count: Int) { steps = Array(repeating: 0, count: count) }

    mutating func begin() {
        isFirst = true
        common = []
        // What was reached before counts for nothing.
        step += 1
    }

    func isCommon(_ node: Int) -> Bool { steps[node] == step }

    /// Keeps what `node` has below it.
    ///
    /// - Returns: whether anything is left.
    mutating func follow(_ node: Int, over edges: [[Int]]) -> Bool {
        let before = step
        // Two numbers: one for what is reached now and was not common, one for what is.
        step += 2
        var open = [node]
        var found: [Int] = []
        while let next = open.popLast() {
            for child in edges[next] where steps[child] < step - 1 {
                let stays = isFirst || steps[child] == before
                steps[child] = stays ? step : step - 1
                if stays { found.append(child) }
                open.append(child)
            }
        }
        isFirst = false
        common = found
        return !found.isEmpty
    }
}

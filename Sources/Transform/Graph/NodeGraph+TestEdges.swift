extension NodeGraph {
    /// Adds edges so that what follows a node waits for the node's tests, as `build` does.
    ///
    /// A test of one node comes before all that need the node. A test of several nodes comes before each node that
    /// needs all of them.
    mutating func addTestEdges(isTest: (NodeID) -> Bool) {
        let tests = ids.indices.filter { isTest(ids[$0]) }
        let testSet = Set(tests)
        let original = children
        for test in tests {
            let tested = Set(parents[test])
            let followers: [Int]
            if tested.count == 1, let node = tested.first {
                followers = original[node].filter { !testSet.contains($0) }
            } else if tested.count > 1 {
                followers = nearest(after: tested, over: original, excluding: testSet)
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
    private func nearest(after nodes: Set<Int>, over edges: [[Int]], excluding tests: Set<Int>) -> [Int] {
        var common: Set<Int>?
        for node in nodes {
            let below = reachable(from: [node], over: edges)
            common = common?.intersection(below) ?? below
            if common?.isEmpty ?? false { return [] }
        }
        let candidates = (common ?? []).subtracting(tests).subtracting(nodes)
        return candidates.filter { candidate in !parents[candidate].contains { candidates.contains($0) } }.sorted()
    }
}

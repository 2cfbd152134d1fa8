import Diagnostics
import OrderedCollections

/// Turns a selection into a plan.
struct Planner {
    let manifest: Manifest
    let graph: NodeGraph

    /// - Parameter selected: the nodes to run, sources and ephemeral models among them; those are left out.
    func plan(_ selected: Set<NodeID>, for command: Command) throws(TransformError) -> ExecutionPlan {
        var graph = graph
        if command == .build {
            // Unit tests first: they must not wait for the tests of the model that waits for them.
            graph.moveUnitTestsUp { manifest.unitTests[$0] != nil }
            graph.addTestEdges { manifest.nodes[$0]?.resourceType == .test }
        }
        let order: [Int]
        do {
            order = try graph.topologicalOrder()
        } catch {
            throw placed(error)
        }
        let isPlanned = graph.ids.map { id in selected.contains(id) && isRunnable(id, by: command) }
        var nearest: [[Int]?] = Array(repeating: nil, count: graph.ids.count)
        var nodes: [PlannedNode] = []
        for index in order {
            var above: [Int] = []
            var seen: Set<Int> = []
            for parent in graph.parents[index] {
                for candidate in isPlanned[parent] ? [parent] : nearest[parent] ?? [] where seen.insert(candidate).inserted {
                    above.append(candidate)
                }
            }
            nearest[index] = above
            if isPlanned[index] {
                // What is cloned is there already: none waits for another.
                let upstream = command == .clone ? [] : above.map { graph.ids[$0] }
                nodes.append(PlannedNode(id: graph.ids[index], upstream: upstream))
            }
        }
        return ExecutionPlan(command: command, nodes: nodes)
    }

    /// Says where the nodes of a circle are to be found.
    private func placed(_ error: TransformError) -> TransformError {
        let nodes = error.message.split(separator: " ").compactMap { manifest.nodes[NodeID(String($0))] }
        var error = error
        error.location = nodes.first?.location
        error.details = nodes.dropLast().map { "\($0.id) is at \($0.location)" }
        return error
    }

    private func isRunnable(_ id: NodeID, by command: Command) -> Bool {
        guard let node = manifest.runnable(id) else { return false }
        if command == .compile { return node.resourceType != .seed }
        if command == .show { return true }
        return !node.isEphemeral
    }
}

import Synchronization

/// The graph of a manifest, made when it is first asked for: not every command does.
final class LazyGraph: Sendable {
    private let manifest: Manifest
    private let graph = Mutex<NodeGraph?>(nil)

    init(_ manifest: Manifest) { self.manifest = manifest }

    var value: NodeGraph {
        graph.withLock { graph in
            if let graph { return graph }
            let made = NodeGraph(manifest)
            graph = made
            return made
        }
    }
}

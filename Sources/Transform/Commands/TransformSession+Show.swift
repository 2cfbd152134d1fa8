import Documents
import Jinja

extension TransformSession {
    /// What `show` found.
    package struct Shown: Sendable {
        package var node: Node
        package var result: NodeResult
        /// Nil where the query failed.
        package var rows: ShownRows?
    }

    /// Compiles nodes and shows the first rows of each.
    ///
    /// - Parameter limit: how many rows; nil for all.
    package func show(
        _ ids: [NodeID], limit: Int?, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> [Shown] {
        try await show(ids.compactMap { manifest.nodes[$0] }, limit: limit, events: events)
    }

    /// Compiles a template from the command line and shows the first rows that it gives.
    package func show(
        inline code: String, limit: Int?, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> [Shown] {
        try await show([try InlineNode.make(code, name: "inline_query", world: world)], limit: limit, events: events)
    }

    /// Runs SQL as it is.
    package func show(
        direct sql: String, limit: Int?, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> ShownRows {
        let observer = observer(events)
        return try await withCancellation { [pool] cancellation in
            try await pool.withWorker { worker in
                try await worker.use(cancellation, events: observer) { warehouse in
                    ShownRows(TableObject(try warehouse.execute(sql), limit: limit))
                }
            }
        }
    }

    private func show(
        _ nodes: [Node], limit: Int?, events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> [Shown] {
        let observer = observer(events)
        let ids = nodes.map(\.id)
        return try await withCancellation { [pool, world, compiler] cancellation in
            try await pool.withWorker { worker in
                var shown: [Shown] = []
                for node in nodes {
                    shown.append(
                        try await worker.use(cancellation, events: observer) { warehouse in
                            warehouse.nodeID = node.id
                            return ShowRunner(world: world, compiler: compiler, selected: ids) { events(.log($0)) }
                                .run(node, limit: limit, on: warehouse)
                        })
                }
                return shown
            }
        }
    }

    /// Does work that stops where the task is cancelled.
    func withCancellation<T: Sendable>(_ body: @Sendable (CancellationSwitch) async throws -> T) async throws -> T {
        let cancellation = CancellationSwitch()
        return try await withTaskCancellationHandler {
            try await body(cancellation)
        } onCancel: {
            cancellation.cancel()
        }
    }
}

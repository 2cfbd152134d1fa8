import Postgres

/// A thread with a connection of its own, on which nodes run one after the other.
actor Worker {
    private let executor: ThreadExecutor
    private let warehouse: WarehouseSession
    private let name: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter number: counts from 1.
    init(number: Int, credentials: Credentials, cache: RelationCache) {
        name = "Thread-\(number)"
        // Macros call macros: the engine walks syntax trees, and that needs more stack than a thread usually has.
        executor = ThreadExecutor(name: "leat-dbt-\(number)", stackSize: 8 << 20)
        warehouse = WarehouseSession(credentials: credentials, cache: cache)
    }

    /// Runs a node to its end; never throws.
    func run(_ node: Node, with runner: NodeRunner, cancellation: CancellationSwitch) -> NodeResult {
        warehouse.cancellation = cancellation
        warehouse.events = runner.events
        return runner.run(node, on: warehouse, thread: name)
    }

    /// Does something on the connection.
    func use<T: Sendable>(
        _ cancellation: CancellationSwitch, events: (@Sendable (TransformEvent) -> Void)? = nil,
        _ body: @Sendable (WarehouseSession) throws -> T
    ) throws -> T {
        warehouse.cancellation = cancellation
        warehouse.events = events
        defer { warehouse.finishNode() }
        return try body(warehouse)
    }

    /// Closes the connection and ends the thread.
    func close() {
        warehouse.close()
        executor.stop()
    }
}

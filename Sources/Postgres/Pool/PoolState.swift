/// Who gets which connection: the logic of ``ConnectionPool`` without any connection.
struct PoolState<Item: Sendable>: Sendable {
    typealias WaiterID = Int

    /// What a lease gives.
    enum Grant: Sendable {
        case reuse(Item)
        /// The right to make a connection.
        case connect
    }

    enum LeaseAction: Sendable {
        case grant(Grant)
        case wait
        case refuse
    }

    enum ReturnAction: Sendable {
        case none
        case wake(WaiterID, Grant)
        case close(Item)
    }

    let limit: Int
    /// Connections that nobody uses; the last one was used most recently.
    private(set) var idle: [Item] = []
    /// Connections that are leased, or that a holder of `Grant.connect` is making.
    private(set) var leased = 0
    /// In the order in which they came.
    private(set) var waiters: [WaiterID] = []
    private(set) var isClosed = false

    init(limit: Int) { self.limit = max(1, limit) }

    mutating func lease(_ waiter: WaiterID) -> LeaseAction {
        if isClosed { return .refuse }
        // Whoever waits already comes first.
        if waiters.isEmpty, leased < limit {
            leased += 1
            return .grant(idle.popLast().map { .reuse($0) } ?? .connect)
        }
        waiters.append(waiter)
        return .wait
    }

    /// - Parameter item: nil if the connection broke or could not be made.
    mutating func giveBack(_ item: Item?) -> ReturnAction {
        if isClosed {
            leased -= 1
            return item.map { .close($0) } ?? .none
        }
        if !waiters.isEmpty {
            let next = waiters.removeFirst()
            return .wake(next, item.map { .reuse($0) } ?? .connect)
        }
        leased -= 1
        if let item { idle.append(item) }
        return .none
    }

    /// - Returns: whether it was still waiting.
    mutating func cancel(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// From now on every lease is refused.
    mutating func close() -> (idle: [Item], waiters: [WaiterID]) {
        defer {
            idle = []
            waiters = []
        }
        isClosed = true
        return (idle, waiters)
    }
}

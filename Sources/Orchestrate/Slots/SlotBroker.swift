import Synchronization

/// Gives out the slots of pools to the tasks of all runs of a process.
///
/// A task gets all that it wants at once or waits. Of those that wait the one with more priority comes first, then who has waited
/// longer; one that would fit may pass one that does not.
package final class SlotBroker: Sendable {
    fileprivate struct Waiter: Sendable {
        let owner: SlotOwner
        let claims: [SlotClaim]
        let priority: Int
        let grant: @Sendable () -> Void
    }

    fileprivate struct State {
        var sizes: [String: Int]
        var taken: [String: Int] = [:]
        var held: [SlotOwner: [SlotClaim]] = [:]
        var waiters: [Waiter] = []
    }

    private let state: Mutex<State>

    /// - Parameter pools: how many slots each pool has. One that is not named has one slot.
    package init(pools: [String: Int] = [:]) { state = Mutex(State(sizes: pools)) }

    /// Changes how many slots the pools have. What is held stays held.
    package func setPools(_ pools: [String: Int]) {
        let granted = state.withLock { state in
            state.sizes = pools
            return state.grantWaiting()
        }
        for waiter in granted { waiter.grant() }
    }

    /// Takes slots, or waits for them.
    /// - Parameter grant: called once, from any thread, when the slots are the owner's; not when this returns true.
    /// - Returns: whether the owner has them already.
    func acquire(
        _ claims: [SlotClaim], for owner: SlotOwner, priority: Int, grant: @escaping @Sendable () -> Void
    ) -> Bool {
        state.withLock { state in
            if state.fits(claims) {
                state.take(claims, owner)
                return true
            }
            let place = state.waiters.firstIndex { $0.priority < priority } ?? state.waiters.endIndex
            state.waiters.insert(Waiter(owner: owner, claims: claims, priority: priority, grant: grant), at: place)
            return false
        }
    }

    /// Gives slots back, or stops waiting for them.
    func release(_ owner: SlotOwner) {
        let granted = state.withLock { state -> [Waiter] in
            state.waiters.removeAll { $0.owner == owner }
            guard let claims = state.held.removeValue(forKey: owner) else { return [] }
            for claim in claims { state.taken[claim.pool, default: 0] -= claim.slots }
            return state.grantWaiting()
        }
        for waiter in granted { waiter.grant() }
    }

    /// How many slots of a pool are taken, and how many there are.
    package func usage(of pool: String) -> (taken: Int, size: Int) {
        state.withLock { ($0.taken[pool] ?? 0, $0.sizes[pool] ?? 1) }
    }
}

extension SlotBroker.State {
    fileprivate func fits(_ claims: [SlotClaim]) -> Bool {
        claims.allSatisfy { claim in
            let used = taken[claim.pool] ?? 0
            // What is larger than the pool runs alone, rather than never.
            return used == 0 || used + claim.slots <= sizes[claim.pool] ?? 1
        }
    }

    fileprivate mutating func take(_ claims: [SlotClaim], _ owner: SlotOwner) {
        held[owner] = claims
        for claim in claims { taken[claim.pool, default: 0] += claim.slots }
    }

    fileprivate mutating func grantWaiting() -> [SlotBroker.Waiter] {
        var granted: [SlotBroker.Waiter] = []
        var left: [SlotBroker.Waiter] = []
        for waiter in waiters {
            if fits(waiter.claims) {
                take(waiter.claims, waiter.owner)
                granted.append(waiter)
            } else {
                left.append(waiter)
            }
        }
        waiters = left
        return granted
    }
}

/// Slots of a pool that a task needs while it is under way.
package struct SlotClaim: Sendable, Hashable {
    package var pool: String
    package var slots: Int

    package init(pool: String, slots: Int = 1) {
        self.pool = pool
        self.slots = slots
    }

    /// What tasks with the same key claim, so that only one of them is under way at a time.
    package static func key(_ key: String) -> SlotClaim { SlotClaim(pool: "key:" + key) }

    /// For messages.
    var description: String { pool.hasPrefix("key:") ? "the concurrency key '\(pool.dropFirst(4))'" : "a slot of pool '\(pool)'" }
}

/// A task of a run, as one who holds slots.
struct SlotOwner: Sendable, Hashable {
    let run: RunID
    let task: TaskID
}

import Synchronization

/// What several tasks have given, and a way to wait for more without looking again and again.
package final class Gathered<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var waiting: [(isEnough: @Sendable ([Element]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var all: [Element] { state.withLock { $0.items } }

    package func add(_ item: Element) {
        let ready = state.withLock { state in
            state.items.append(item)
            let ready = state.waiting.filter { $0.isEnough(state.items) }
            state.waiting.removeAll { $0.isEnough(state.items) }
            return ready
        }
        for (_, continuation) in ready { continuation.resume() }
    }

    /// Returns when the items are enough.
    @discardableResult
    package func wait(until isEnough: @escaping @Sendable ([Element]) -> Bool) async -> [Element] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if isEnough(state.items) { return true }
                state.waiting.append((isEnough, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
        return all
    }
}

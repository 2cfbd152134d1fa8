import Synchronization

/// What several tasks have given, and a way to wait for more without looking again and again.
package final class Gathered<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var waiting: [Int: (isEnough: @Sendable ([Element]) -> Bool, CheckedContinuation<Void, Never>)] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var all: [Element] { state.withLock { $0.items } }

    package func add(_ item: Element) {
        let ready = state.withLock { state in
            state.items.append(item)
            let ready = state.waiting.filter { $0.value.isEnough(state.items) }
            for number in ready.keys { state.waiting[number] = nil }
            return ready
        }
        for (_, continuation) in ready.values { continuation.resume() }
    }

    /// Returns when the items are enough, or the task is cancelled, as by the time limit of a test.
    @discardableResult
    package func wait(until isEnough: @escaping @Sendable ([Element]) -> Bool) async -> [Element] {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || isEnough(state.items) { return true }
                    state.waiting[number] = (isEnough, continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.1.resume()
        }
        return all
    }
}

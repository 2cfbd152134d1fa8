import Synchronization

/// The end of a container, as far as it is known, for those who read its log.
package final class ContainerEnd: Sendable {
    private struct State {
        var isKnown = false
        var count = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether the container is known to have ended.
    package var isKnown: Bool { state.withLock { $0.isKnown } }

    /// The container has ended.
    package func announce() {
        let waiting = state.withLock { state in
            state.isKnown = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the container has ended, or the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isKnown || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}

import Synchronization

/// News for one loop, from any thread. It goes on after the taking task was cancelled.
final class SignalQueue<Signal: Sendable>: Sendable {
    private struct State {
        var signals: [Signal] = []
        var taker: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func send(_ signal: Signal) {
        let taker = state.withLock { state in
            state.signals.append(signal)
            return state.taker.take()
        }
        taker?.resume()
    }

    /// Everything sent since the last call, waiting until there is something.
    func take() async -> [Signal] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.signals.isEmpty {
                    state.taker = continuation
                    return false
                }
                return true
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.signals = [] }
            return state.signals
        }
    }
}

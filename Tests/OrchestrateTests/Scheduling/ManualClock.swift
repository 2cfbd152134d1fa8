import Synchronization

@testable import Orchestrate

/// A clock that stands still until the test moves it, which wakes whoever sleeps until then.
final class ManualClock: RunClock {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: (moment: Timestamp, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ now: Timestamp) { state = Mutex(State(now: now)) }

    convenience init(_ text: String) throws { self.init(try Timestamp(parsing: text)) }

    func now() -> Timestamp { state.withLock { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
                    if moment <= state.now { return .success(()) }
                    state.sleepers[number] = (moment, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                guard let sleeper = state.sleepers.removeValue(forKey: number) else {
                    state.cancelled.insert(number)
                    return nil as CheckedContinuation<Void, any Error>?
                }
                return sleeper.continuation
            }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    func advance(to moment: Timestamp) {
        let woken = state.withLock { state in
            state.now = max(state.now, moment)
            let due = state.sleepers.filter { $0.value.moment <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    func advance(to text: String) throws { advance(to: try Timestamp(parsing: text)) }
}

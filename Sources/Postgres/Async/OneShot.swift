import Synchronization

/// A continuation that is resumed by whoever comes first: the thread that does the work, or the cancellation of the task.
final class OneShot<Value: Sendable>: Sendable {
    private enum State: Sendable {
        case empty
        case waiting(CheckedContinuation<Value, any Error>)
        case done
    }

    private let state = Mutex(State.empty)

    var isDone: Bool { state.withLock { if case .done = $0 { true } else { false } } }

    /// Waits for the value. If the task is cancelled, throws `CancellationError` at once and leaves the work to itself.
    ///
    /// - Parameter start: begins the work; called at most once, before this suspends.
    func value(startedBy start: () -> Void) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isTooLate = state.withLock { state in
                    if case .done = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isTooLate { continuation.resume(throwing: CancellationError()) } else { start() }
            }
        } onCancel: {
            resume(with: .failure(CancellationError()))
        }
    }

    /// Only the first call counts.
    ///
    /// - Returns: whether this one did.
    @discardableResult
    func resume(with result: Result<Value, any Error>) -> Bool {
        let previous = state.withLock { state in
            defer { state = .done }
            return state
        }
        switch previous {
        case .waiting(let continuation):
            continuation.resume(with: result)
            return true
        case .empty: return true
        case .done: return false
        }
    }
}

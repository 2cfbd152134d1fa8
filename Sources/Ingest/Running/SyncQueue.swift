import Records
import Synchronization

/// The streams that still wait for a worker, and what came of the others.
final class SyncQueue: Sendable {
    private struct State {
        var waiting: [StreamPlan]
        var results: [Int: StreamResult] = [:]
        var failures: [Int: StreamFailure] = [:]
    }
    private let state: Mutex<State>

    /// Big streams come first, so that no worker is left alone with the biggest at the end.
    init(_ plans: [StreamPlan]) {
        // Taken from the end.
        let order = plans.sorted {
            ($0.stream.estimatedRows ?? 0, $1.index) < ($1.stream.estimatedRows ?? 0, $0.index)
        }
        state = Mutex(State(waiting: order))
    }

    func next() -> StreamPlan? { state.withLock { $0.waiting.popLast() } }
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    func succeed(_ plan: StreamPlan, _ result: StreamResult) { state.withLock { $0.results[plan.index] = result } }

    func fail(_ plan: StreamPlan, _ error: any Error) {
        state.withLock { $0.failures[plan.index] = StreamFailure(stream: plan.label, error: error) }
    }

    /// In the order of the definition.
    var results: [StreamResult] { state.withLock { $0.results.sorted { $0.key < $1.key }.map(\.value) } }
    var failures: [StreamFailure] { state.withLock { $0.failures.sorted { $0.key < $1.key }.map(\.value) } }
}

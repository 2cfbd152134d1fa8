import Connectors
import Records
import Synchronization

/// One thing for a worker to do.
enum SyncWork: Sendable {
    case stream(StreamPlan)
    case part(LoadedPart, PartsWork)
    /// All parts are there.
    case publication(PartsWork)
}

/// What still waits for a worker, and what came of the rest.
final class SyncQueue: Sendable {
    private struct State {
        var waiting: [SyncWork]
        var results: [Int: StreamResult] = [:]
        var failures: [Int: StreamFailure] = [:]
    }
    private let state: Mutex<State>
    /// How many workers have something to do.
    let count: Int

    /// Big streams come first, so that no worker is left alone with the biggest at the end.
    /// - Parameter parts: the streams that come in parts, by their place in the connection.
    init(_ plans: [StreamPlan], parts: [Int: PartsWork]) {
        // Taken from the end.
        let order = plans.sorted {
            ($0.stream.estimatedRows ?? 0, $1.index) < ($1.stream.estimatedRows ?? 0, $0.index)
        }
        let whole = order.filter { parts[$0.index] == nil }.map { SyncWork.stream($0) }
        let pieces = order.compactMap { parts[$0.index] }.flatMap { work in
            work.parts.isEmpty ? [SyncWork.publication(work)] : work.parts.reversed().map { .part($0, work) }
        }
        state = Mutex(State(waiting: whole + pieces))
        count = whole.count + pieces.count
    }

    func next() -> SyncWork? { state.withLock { $0.waiting.popLast() } }
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    func succeed(_ plan: StreamPlan, _ result: StreamResult) { state.withLock { $0.results[plan.index] = result } }

    func fail(_ plan: StreamPlan, _ error: any Error) {
        state.withLock { $0.failures[plan.index] = StreamFailure(stream: plan.label, error: error) }
    }

    /// In the order of the definition.
    var results: [StreamResult] { state.withLock { $0.results.sorted { $0.key < $1.key }.map(\.value) } }
    var failures: [StreamFailure] { state.withLock { $0.failures.sorted { $0.key < $1.key }.map(\.value) } }
}

import Synchronization
import Transform

/// When nodes began and ended, for what events say of them.
final class NodeClock: Sendable {
    private let times = Mutex<[NodeID: (started: DateTimeStamp, finished: DateTimeStamp?)]>([:])

    func start(_ id: NodeID) { times.withLock { $0[id] = (.now(), nil) } }
    func finish(_ id: NodeID) { times.withLock { $0[id]?.finished = .now() } }

    /// As dbt writes them, without a zone; empty where there is none.
    func times(of id: NodeID) -> (started: String, finished: String) {
        let known = times.withLock { $0[id] }
        func text(_ time: DateTimeStamp?) -> String { time.map { String($0.artifactText.dropLast()) } ?? "" }
        return (text(known?.started), text(known?.finished))
    }
}

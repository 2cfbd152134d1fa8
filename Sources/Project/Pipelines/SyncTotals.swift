import Diagnostics
import Ingest
import Orchestrate
import Synchronization

/// Adds up the progress of a sync's streams, which report each for itself.
final class SyncTotals: Sendable {
    private let streams = Mutex<[String: (rows: Int, bytes: Int)]>([:])

    /// The whole sync's progress after `news`.
    func adding(_ news: SyncProgress) -> TaskProgress {
        streams.withLock { streams in
            if let stream = news.stream { streams[stream] = (news.rows, news.bytes) }
            let rows = streams.values.reduce(0) { $0 + $1.rows }
            let bytes = streams.values.reduce(0) { $0 + $1.bytes }
            return TaskProgress(rows: rows, bytes: bytes, message: Self.message(news, rows: rows))
        }
    }

    private static func message(_ news: SyncProgress, rows: Int) -> String? {
        switch news.phase {
        case .waiting: news.message ?? "waiting for another sync"
        case .planning: "planning"
        case .comparing: "comparing source and destination"
        case .copying, .committing: "\(rows.grouped) rows"
        case .done, .failed: nil
        }
    }
}

import Diagnostics
import Ingest
import Orchestrate
import Records
import Synchronization

/// What the log of a sync says: the begin and the end of each attempt with each change of phase of each stream between them, and in
/// the end the figures.
///
/// The lines of an attempt of the sync, which are several within one attempt of the task, carry its name, `attempt 2`, as their part.
final class SyncLog: Sendable {
    private let phases = Mutex<[String: SyncProgress.Phase]>([:])

    /// The lines for a piece of news; most say nothing new.
    func lines(of news: SyncProgress) -> [LogLine] {
        texts(of: news).map { line in
            var line = line
            if let attempt = news.attempt { line.stream = "attempt \(attempt)" }
            return line
        }
    }

    private func texts(of news: SyncProgress) -> [LogLine] {
        guard let stream = news.stream else {
            switch news.phase {
            case .failed: return [LogLine(news.message ?? "failed", level: .warning)]
            case .waiting, .planning, .comparing, .done: return news.message.map { [LogLine($0)] } ?? []
            case .copying, .committing: return []
            }
        }
        let isNew = phases.withLock { phases in
            let isNew = phases[stream] != news.phase
            phases[stream] = news.phase
            return isNew
        }
        // A stream that is committed range by range says so each time.
        guard isNew else { return [] }
        switch news.phase {
        case .copying: return [LogLine("\(stream): reading")]
        case .committing: return [LogLine("\(stream): committing, \(news.rows.grouped) rows so far")]
        case .failed: return [LogLine("\(stream): \(news.message ?? "failed")", level: .error)]
        case .waiting, .planning, .comparing, .done: return []
        }
    }

    /// The lines at the end.
    func lines(of result: SyncResult) -> [LogLine] {
        let part = result.attempts.last.map { "attempt \($0.number)" } ?? "task"
        var lines = result.changes.map { LogLine($0.sentence) }
        for stream in result.streams {
            lines += stream.notes.map { LogLine("\(stream.name): \($0)") }
            let seconds = Double(Int(stream.duration / .milliseconds(10))) / 100
            lines.append(
                LogLine(
                    """
                    \(stream.name): \(stream.rowsRead.grouped) rows read, \(stream.rowsEmitted.grouped) emitted, \
                    \(stream.rowsCommitted.grouped) committed, \(stream.rowsRejected.grouped) rejected; \
                    \(stream.bytes.grouped) bytes read, \(stream.bytesCommitted.grouped) committed; \(stream.publication), \
                    \(seconds) s
                    """))
        }
        lines += result.verification?.streams.map { LogLine($0.sentence) } ?? []
        return lines.map { line in LogLine(line.text, level: line.level, stream: part) }
    }
}

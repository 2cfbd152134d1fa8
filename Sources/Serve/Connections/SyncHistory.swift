import Documents
import Orchestrate

/// What the last syncs of a connection moved, stream by stream, in whichever pipelines they ran.
struct SyncHistory {
    struct Stream: Hashable {
        let name: String
        let rows: Int
        let bytes: Int
    }

    struct Sync {
        let run: RunID
        let task: TaskRecord
        let at: Timestamp
        let streams: [Stream]
        /// What the source or its tables had changed, in words, with the stream.
        let changes: [String]

        init(_ entry: TaskHistory) {
            run = entry.run
            task = entry.task
            at = entry.task.result.startedAt ?? entry.queuedAt
            let output = entry.task.result.output
            streams = (output["streams"]?.array ?? []).map { stream in
                Stream(
                    name: Self.name(of: stream), rows: stream["rows_committed"]?.int ?? 0, bytes: stream["bytes"]?.int ?? 0)
            }
            changes =
                Self.sentences(output["schema_changes"], of: nil)
                + (output["streams"]?.array ?? []).flatMap { Self.sentences($0["schema_changes"], of: Self.name(of: $0)) }
        }

        private static func name(of stream: JSON) -> String {
            let space = stream["namespace"]?.string.map { "\($0)." } ?? ""
            return space + (stream["name"]?.string ?? "")
        }

        private static func sentences(_ changes: JSON?, of stream: String?) -> [String] {
            (changes?.array ?? []).map { change in
                let words = SyncHistory.words(change)
                return stream.map { "\($0): \(words)" } ?? words
            }
        }
    }

    /// `column added: email (text)`.
    private static func words(_ change: JSON) -> String {
        func text(_ key: String) -> String? {
            change[key].map { $0.string ?? $0.array?.compactMap(\.string).joined(separator: ", ") ?? $0.text() }
        }
        var words = (text("change") ?? "").replacing("_", with: " ")
        if let name = text("column") ?? text("stream") { words += ": \(name)" }
        if let type = text("type") { words += " (\(type))" }
        if let from = text("from"), let to = text("to") { words += ", from \(from) to \(to)" }
        return words
    }

    /// The newest first.
    let syncs: [Sync]

    init(_ entries: [TaskHistory], limit: Int) {
        syncs = entries.map(Sync.init).sorted { $0.at > $1.at }.prefix(limit).map { $0 }
    }

    /// The streams in the order in which they are met, those of the newest sync first.
    var streamNames: [String] {
        var names: [String] = []
        for sync in syncs { for stream in sync.streams where !names.contains(stream.name) { names.append(stream.name) } }
        return names
    }
}

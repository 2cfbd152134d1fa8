/// How far a sync is.
package struct SyncProgress: Sendable, Hashable {
    package enum Phase: String, Sendable {
        /// Another sync of the connection runs, or it is too early for the next attempt; ``SyncProgress/message`` says what.
        case waiting
        /// Looking at source and destination.
        case planning
        /// Rows are on their way.
        case copying
        /// All rows have arrived and are made visible.
        case committing
        /// Source and destination are compared, after the sync.
        case comparing
        case done
        case failed
    }

    /// Nil for what concerns the connection as a whole.
    package var stream: String?
    package var phase: Phase
    package var rows: Int
    /// As they travel, before the meta columns.
    package var bytes: Int
    package var message: String?
    /// Which attempt of the sync it is; nil until one has begun.
    package var attempt: Int?

    package init(stream: String?, phase: Phase, rows: Int = 0, bytes: Int = 0, message: String? = nil) {
        self.stream = stream
        self.phase = phase
        self.rows = rows
        self.bytes = bytes
        self.message = message
    }
}

package import Records

/// What to digest of a stream.
package struct DigestRequest: Sendable {
    package var stream: DiscoveredStream
    package var table: TableName
    package var columns: [ColumnMapping]
    /// The columns by which rows are told apart; empty where nothing does.
    package var key: [String]
    /// One row per key counts, that with the greatest cursor; false where no two rows have the same key anyway.
    package var deduplicates = false
    package var cursorField: Field?
    /// Only rows whose cursor is not after this value.
    package var cursor: String?
    /// Only rows that this sync has written.
    package var syncID: Int?
    /// Only rows of this generation.
    package var generation: Int?
    /// Only rows of the source that fit.
    package var filter: RowFilter?

    package init(
        stream: DiscoveredStream, table: TableName, columns: [ColumnMapping], key: [String], cursorField: Field? = nil
    ) {
        self.stream = stream
        self.table = table
        self.columns = columns
        self.key = key
        self.cursorField = cursorField
    }
}

/// What a destination remembers of the last sync of a stream.
package struct WrittenStream: Sendable, Hashable {
    /// The columns of the table that are not the destination's own.
    package var columns: [String]
    package var syncID: Int
    package var cursorField: String?
    /// Where the last sync ended.
    package var cursor: String?
    package var generation: Int

    package init(columns: [String], syncID: Int, cursorField: String?, cursor: String?, generation: Int) {
        self.columns = columns
        self.syncID = syncID
        self.cursorField = cursorField
        self.cursor = cursor
        self.generation = generation
    }
}

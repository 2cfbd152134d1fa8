package import Records

/// What to write, where and how.
package struct WriteRequest: Sendable {
    package var connection: String
    package var stream: StreamDescriptor
    package var table: TableName
    package var columns: [ColumnMapping]
    package var mode: SyncMode
    /// One row per value of these; empty in modes that do not deduplicate.
    package var primaryKey: [String]
    package var cursorField: String?
    /// The number of the sync among those of the connection.
    package var syncID: Int
    /// Tells this attempt from all others.
    package var attemptID: String
    /// Microseconds since 1970.
    package var extractedAt: Int
    /// How long to wait for another sync that writes the same table, and for readers that keep it in use.
    package var lockWait: Duration
    /// Whether the source, not a cursor, says where the next sync begins.
    package var hasSourceState = false
    /// Whether each row ends with a field of its own: what was changed in it, as a JSON array, or null.
    package var hasChanges = false
    /// How far before the last cursor rows were read again.
    package var lookBack: LookBack?
    /// Whether the rows follow those of a range that this sync has committed before: none of them is there already.
    package var isContinued = false
    /// What is done with the rows that are there already, where that is not what the mode does.
    package var refresh: Refresh?
    /// Whether old rows get the values of columns that are new.
    package var backfillsColumns = false
    /// The columns that the documents of a raw table hold; nil for tables that have them as columns.
    package var documentColumns: [ColumnMapping]?
    /// What the source has, to compare the next sync's with.
    package var schema: StreamSchema?

    package init(
        connection: String, stream: StreamDescriptor, table: TableName, columns: [ColumnMapping], mode: SyncMode,
        primaryKey: [String], cursorField: String?, syncID: Int, attemptID: String, extractedAt: Int, lockWait: Duration
    ) {
        self.connection = connection
        self.stream = stream
        self.table = table
        self.columns = columns
        self.mode = mode
        self.primaryKey = primaryKey
        self.cursorField = cursorField
        self.syncID = syncID
        self.attemptID = attemptID
        self.extractedAt = extractedAt
        self.lockWait = lockWait
    }
}

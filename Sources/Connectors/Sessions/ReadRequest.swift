package import Documents
package import Records

/// What to read of a stream.
package struct ReadRequest: Sendable {
    /// Only rows whose field is at or after a value; those at it may have been read before.
    package struct Cursor: Sendable, Hashable {
        package var field: Field
        /// In the source's own text form.
        package var from: String
        package var lookBack: LookBack?
        /// Only rows before this value; nil where there is no such bound.
        package var before: String?

        package init(field: Field, from: String, lookBack: LookBack? = nil, before: String? = nil) {
            self.field = field
            self.from = from
            self.lookBack = lookBack
            self.before = before
        }
    }

    package var stream: DiscoveredStream
    package var columns: [ColumnMapping]
    package var cursor: Cursor?
    /// Only rows that fit.
    package var filter: RowFilter?
    /// Only rows of this part; nil reads all.
    package var part: StreamPart?
    /// What the source said at the end of the last read, for sources that keep a state of their own.
    package var sourceState: JSON?
    package var mode = SyncMode.fullRefreshOverwrite
    /// As the user chose them; the source may have its own.
    package var cursorField: String?
    package var primaryKey: [String] = []
    package var generation = 0
    package var syncID = 0
    /// Whether rows are wanted in the order of the cursor field, those without a value first.
    package var isOrdered = false

    package init(stream: DiscoveredStream, columns: [ColumnMapping], cursor: Cursor? = nil) {
        self.stream = stream
        self.columns = columns
        self.cursor = cursor
    }
}

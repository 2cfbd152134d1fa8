package import Records

/// What to read of a stream.
package struct ReadRequest: Sendable {
    /// Only rows whose field is at or after a value; those at it may have been read before.
    package struct Cursor: Sendable, Hashable {
        package var field: Field
        /// In the source's own text form.
        package var from: String

        package init(field: Field, from: String) {
            self.field = field
            self.from = from
        }
    }

    package var stream: DiscoveredStream
    package var columns: [ColumnMapping]
    package var cursor: Cursor?

    package init(stream: DiscoveredStream, columns: [ColumnMapping], cursor: Cursor? = nil) {
        self.stream = stream
        self.columns = columns
        self.cursor = cursor
    }
}

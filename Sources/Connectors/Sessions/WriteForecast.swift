/// What writing a stream would do to its table.
package struct WriteForecast: Sendable, Hashable {
    /// A column whose type in the table is not the one that the source has now.
    package struct Retyping: Sendable, Hashable {
        package var column: String
        package var from: String
        package var to: String
    }

    package var publication: WriteOutcome.Publication
    /// Whether the schema is made too.
    package var createsSchema = false
    /// Where the last sync ended; nil where everything is read.
    package var cursor: String?
    /// Why everything is read although the mode is incremental.
    package var note: String?
    package var addedColumns: [String] = []
    /// Columns of the table that the source does not have any more.
    package var removedColumns: [String] = []
    package var retyped: [Retyping] = []
    /// What hangs on the table and keeps it from being swapped: indexes, triggers, ...
    package var attachments: [String] = []

    package init(publication: WriteOutcome.Publication) { self.publication = publication }
}

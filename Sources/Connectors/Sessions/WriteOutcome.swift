/// What came of writing a stream.
package struct WriteOutcome: Sendable, Hashable {
    /// How the rows became visible.
    package enum Publication: String, Sendable {
        /// The table did not exist.
        case created
        /// A new table took the place of the old one.
        case swapped
        /// The old table got new rows.
        case refilled
        /// The old table got new columns and new rows.
        case rebuilt
        /// Rows were added.
        case appended
        /// Rows took the place of those with the same key.
        case merged
    }

    package var publication: Publication
    /// The rows of this sync that are in the table.
    package var rowsCommitted: Int
    package var generation: Int
    package var notes: [String]

    package init(publication: Publication, rowsCommitted: Int, generation: Int, notes: [String] = []) {
        self.publication = publication
        self.rowsCommitted = rowsCommitted
        self.generation = generation
        self.notes = notes
    }
}

package import Documents

/// What a destination knows of a stream that is about to be written.
package struct StreamState: Sendable, Hashable {
    /// The refresh that the new rows will belong to.
    package var generation: Int
    /// Where the last sync ended, in the source's text form; nil reads everything.
    package var cursor: String?
    /// What the source said at the end of the last sync, for sources that keep a state of their own.
    package var sourceState: JSON?
    /// Why everything is read although the mode is incremental; nil where it is not or nothing is odd.
    package var note: String?
    /// Whether the rows are added to those that are there, or take the place of those with the same key; otherwise they
    /// take the place of all.
    package var isAdding: Bool
    /// Whether there is no table yet.
    package var isNew = false

    package init(
        generation: Int, cursor: String? = nil, sourceState: JSON? = nil, note: String? = nil, isAdding: Bool = false
    ) {
        self.generation = generation
        self.cursor = cursor
        self.sourceState = sourceState
        self.note = note
        self.isAdding = isAdding
    }
}

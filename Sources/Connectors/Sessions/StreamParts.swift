/// A piece of a stream that is read by itself: some pages of a table.
package struct StreamPart: Sendable, Hashable {
    /// The first page, and the first after the part.
    package var pages: Range<Int>

    package init(pages: Range<Int>) { self.pages = pages }
}

/// A stream in parts that lie on disk one after the other.
package struct StreamParts: Sendable, Hashable {
    package var parts: [StreamPart]
    /// Tells the table as it lies now from all others, and from itself after it was written anew: rows of parts with another
    /// identity cannot be told to be the same.
    package var identity: String
    /// By what a row that was there at this snapshot is told from a later one.
    package var horizon: String

    package init(parts: [StreamPart], identity: String, horizon: String) {
        self.parts = parts
        self.identity = identity
        self.horizon = horizon
    }
}

/// A part that a destination keeps, of this sync or of one that did not come to its end.
package struct LoadedPart: Sendable, Hashable {
    package var part: StreamPart
    package var rows: Int
    /// The ``StreamParts/horizon`` at which it was read.
    package var horizon: String
    /// Its rows have this `_airbyte_extracted_at`, which no other part has; microseconds since 1970.
    package var extractedAt: Int

    package init(part: StreamPart, rows: Int, horizon: String, extractedAt: Int) {
        self.part = part
        self.rows = rows
        self.horizon = horizon
        self.extractedAt = extractedAt
    }
}

/// What a destination says to a stream that comes in parts.
package struct PartialLoad: Sendable, Hashable {
    package var generation: Int
    /// The sync that began it: rows carry its number.
    package var syncID: Int
    package var loaded: [LoadedPart]
    package var note: String?

    package init(generation: Int, syncID: Int, loaded: [LoadedPart], note: String?) {
        self.generation = generation
        self.syncID = syncID
        self.loaded = loaded
        self.note = note
    }
}

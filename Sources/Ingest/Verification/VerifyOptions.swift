/// What may be set for a verification.
package struct VerifyOptions: Sendable, Hashable {
    /// Compares about so many rows of each stream; nil compares all.
    package var sample: Int?
    /// Only streams of these names; empty takes all of the connection.
    package var streams: [String]
    /// How many rows that differ are looked up and shown for each stream.
    package var shownRows: Int

    package init(sample: Int? = nil, streams: [String] = [], shownRows: Int = 5) {
        self.sample = sample
        self.streams = streams
        self.shownRows = shownRows
    }
}

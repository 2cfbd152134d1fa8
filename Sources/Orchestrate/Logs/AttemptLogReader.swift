/// Reads the log of an attempt from the beginning, in pieces, also while it is still being written.
///
/// ```swift
/// var reader = AttemptLogReader(path: path)
/// while let lines = reader.next() { for line in lines { print(line.text) } }
/// ```
///
/// A log of any size takes the memory of one piece. Reading blocks, for as long as a disk takes.
package struct AttemptLogReader: Sendable {
    private let pieces: AttemptLogPieces
    private var place: LogPlace?

    package init(path: String) { pieces = AttemptLogPieces(path: path) }

    /// The next lines; nil where there are no more at the moment. Later calls find what was written since.
    package mutating func next() -> [LogLine]? {
        let piece = pieces.piece(after: place)
        guard !piece.lines.isEmpty else { return nil }
        place = piece.to
        return piece.lines
    }
}

import Foundation

/// A place in the log of an attempt, which stays the same place while the log grows and its parts are put aside.
package struct LogPlace: Sendable, Hashable, CustomStringConvertible {
    /// Which part, by the hash of its first line: parts change their names, and file numbers are used again.
    let part: UInt64
    /// A byte of it.
    let offset: Int

    init(part: UInt64, offset: Int) {
        self.part = part
        self.offset = offset
    }

    /// Reads what ``description`` gave; nil for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: "-", maxSplits: 1)
        guard words.count == 2, let part = UInt64(words[0], radix: 16), let offset = Int(words[1]), offset >= 0 else {
            return nil
        }
        self.init(part: part, offset: offset)
    }

    package var description: String { "\(String(part, radix: 16))-\(offset)" }
}

/// Reads the log of an attempt in pieces, in both directions, also while it is still being written.
///
/// A log of any size takes the memory of one piece. Reading blocks, for as long as a disk takes.
package struct AttemptLogPieces: Sendable {
    package struct Piece: Sendable, Hashable {
        package let lines: [LogLine]
        /// The place of the first line; nil in a log without one.
        package let from: LogPlace?
        /// The place behind the last line; nil in a log without one.
        package let to: LogPlace?
        /// Whether there are lines before.
        package let hasEarlier: Bool
    }

    private let path: String
    /// How many bytes are read at once.
    private let pieceSize: Int
    /// Longer lines are cut into several.
    private static let maximumLine = 4 << 20

    package init(path: String, pieceSize: Int = 256 << 10) {
        self.path = path
        self.pieceSize = pieceSize
    }

    /// The last lines.
    package func tail() -> Piece {
        let parts = LogParts(path)
        return piece(before: parts.count, 0, in: parts)
    }

    /// The lines that end at `place`; none where its part has been given up.
    package func piece(before place: LogPlace) -> Piece {
        let parts = LogParts(path)
        guard let index = parts.index(of: place.part) else { return nothing(at: place) }
        return piece(before: index, place.offset, in: parts)
    }

    /// The lines from `place` on, nil for the beginning; none where nothing has come yet. Where the place's part has been given
    /// up, the oldest line that is kept is the next.
    package func piece(after place: LogPlace?) -> Piece {
        chunk(after: place, in: LogParts(path)).map(Self.piece) ?? nothing(at: place)
    }

    /// The first piece from `place` on that has a line which is meant, and which of its lines that is; nil where none has.
    /// - Parameter bytes: what stands in the file in every such line, letters in any case; only pieces that have it are taken apart.
    package func find(
        after place: LogPlace?, having bytes: [UInt8], where isMeant: (LogLine) -> Bool
    ) -> (piece: Piece, match: Int)? {
        let parts = LogParts(path)
        let wanted = ByteSearch(bytes)
        var place = place
        while let chunk = self.chunk(after: place, in: parts) {
            if wanted.isIn(chunk.bytes) {
                let piece = Self.piece(chunk)
                if let match = piece.lines.firstIndex(where: isMeant) { return (piece, match) }
            }
            place = LogPlace(part: chunk.place.part, offset: chunk.place.offset + chunk.bytes.count)
        }
        return nil
    }

    /// Whole lines as they stand in the file.
    private struct Chunk {
        let bytes: ArraySlice<UInt8>
        let place: LogPlace
        let isFirstPart: Bool
    }

    private func chunk(after place: LogPlace?, in parts: borrowing LogParts) -> Chunk? {
        var index = place.flatMap { parts.index(of: $0.part) }
        var offset = index == nil ? 0 : place?.offset ?? 0
        if index == nil { index = 0 }
        while let current = index, current < parts.count {
            var bytes = Self.wholeLines(parts.read(current, from: offset, count: pieceSize))
            // A line longer than a piece is read whole, up to a limit.
            if bytes.isEmpty {
                bytes = Self.wholeLines(parts.read(current, from: offset, count: Self.maximumLine), takesRest: true)
            }
            if !bytes.isEmpty {
                return Chunk(bytes: bytes, place: LogPlace(part: parts.id(current), offset: offset), isFirstPart: current == 0)
            }
            guard current + 1 < parts.count else { break }
            index = current + 1
            offset = 0
        }
        return nil
    }

    private static func piece(_ chunk: Chunk) -> Piece {
        Piece(
            lines: lines(chunk.bytes), from: chunk.place,
            to: LogPlace(part: chunk.place.part, offset: chunk.place.offset + chunk.bytes.count),
            hasEarlier: !chunk.isFirstPart || chunk.place.offset > 0)
    }

    private func nothing(at place: LogPlace?) -> Piece { Piece(lines: [], from: place, to: place, hasEarlier: false) }

    /// Whole lines that end at `end` of a part, or with the part before where that is its beginning.
    private func piece(before index: Int, _ end: Int, in parts: borrowing LogParts) -> Piece {
        var index = index
        var end = end
        while true {
            if end == 0 {
                guard index > 0 else { return nothing(at: nil) }
                index -= 1
                end = parts.size(index)
                continue
            }
            var start = max(0, end - pieceSize)
            var bytes = parts.read(index, from: start, count: end - start)
            if start > 0, !bytes.dropLast().contains(10) {
                start = max(0, end - Self.maximumLine)
                bytes = parts.read(index, from: start, count: end - start)
            }
            if start > 0, let feed = bytes.dropLast().firstIndex(of: 10) {
                start += feed + 1
                bytes.removeFirst(feed + 1)
            }
            let whole = Self.wholeLines(bytes)
            guard !whole.isEmpty else {
                end = 0
                continue
            }
            return Self.piece(
                Chunk(bytes: whole, place: LogPlace(part: parts.id(index), offset: start), isFirstPart: index == 0))
        }
    }

    /// The whole lines at the beginning of `bytes`.
    /// - Parameter takesRest: whether the beginning of a line without an end counts as one where it is as long as a line may be.
    private static func wholeLines(_ bytes: [UInt8], takesRest: Bool = false) -> ArraySlice<UInt8> {
        if let last = bytes.lastIndex(of: 10) { return bytes[...last] }
        return takesRest && bytes.count >= maximumLine ? bytes[...] : []
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> [LogLine] {
        bytes.split(separator: 10, omittingEmptySubsequences: true).map(line)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> LogLine {
        LogLine(parsing: Array(bytes)) ?? LogLine(String(decoding: bytes, as: UTF8.self))
    }
}

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
        let parts = LogParts(path)
        var index = place.flatMap { parts.index(of: $0.part) }
        var offset = index == nil ? 0 : place?.offset ?? 0
        if index == nil { index = 0 }
        while let current = index, current < parts.count {
            var lines = cut(parts.read(current, from: offset, count: pieceSize))
            // A line longer than a piece is read whole, up to a limit.
            if lines.length == 0 {
                lines = cut(parts.read(current, from: offset, count: Self.maximumLine), takesRest: true)
            }
            if lines.length > 0 {
                return Self.piece(lines, at: LogPlace(part: parts.id(current), offset: offset), isFirstPart: current == 0)
            }
            guard current + 1 < parts.count else { break }
            index = current + 1
            offset = 0
        }
        return nothing(at: place)
    }

    private static func piece(_ cut: (lines: [LogLine], length: Int), at place: LogPlace, isFirstPart: Bool) -> Piece {
        Piece(
            lines: cut.lines, from: place, to: LogPlace(part: place.part, offset: place.offset + cut.length),
            hasEarlier: !isFirstPart || place.offset > 0)
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
            let lines = cut(bytes)
            guard lines.length > 0 else {
                end = 0
                continue
            }
            return Self.piece(lines, at: LogPlace(part: parts.id(index), offset: start), isFirstPart: index == 0)
        }
    }

    /// The whole lines at the beginning of `bytes`, and how many bytes they are.
    /// - Parameter takesRest: whether the beginning of a line without an end counts as one where it is as long as a line may be.
    private func cut(_ bytes: [UInt8], takesRest: Bool = false) -> (lines: [LogLine], length: Int) {
        guard let last = bytes.lastIndex(of: 10) else {
            guard takesRest, bytes.count >= Self.maximumLine else { return ([], 0) }
            return ([Self.line(bytes[...])], bytes.count)
        }
        return (bytes[..<last].split(separator: 10, omittingEmptySubsequences: true).map(Self.line), last + 1)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> LogLine {
        LogLine(parsing: Array(bytes)) ?? LogLine(String(decoding: bytes, as: UTF8.self))
    }
}

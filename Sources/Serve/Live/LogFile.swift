import Dispatch
import Documents
import Foundation

/// An attempt's log on disk, read in pieces, so that its length does not matter.
struct LogFile: Sendable {
    struct Line: Sendable, Equatable {
        let level: String
        /// The time of day in UTC.
        let time: String
        let text: String
    }

    struct Piece: Sendable, Equatable {
        /// The place in the file of the first line's first byte.
        let from: Int
        /// The place behind the last line.
        let to: Int
        let lines: [Line]
    }

    let path: String
    /// How many bytes are read at once; a line longer than that is cut.
    var pieceSize = 256 << 10

    private static let queue = DispatchQueue(label: "leat.logs", qos: .userInitiated, attributes: .concurrent)

    /// The end of the file.
    func tail() async throws -> Piece {
        try await reading { file, size in
            let bytes = try read(file, from: max(0, size - pieceSize), to: size)
            return piece(bytes, at: max(0, size - pieceSize), startsInside: size > pieceSize)
        }
    }

    /// Whole lines that end at `place`.
    func piece(before place: Int) async throws -> Piece {
        try await reading { file, size in
            let end = min(max(0, place), size)
            let start = max(0, end - pieceSize)
            return piece(try read(file, from: start, to: end), at: start, startsInside: start > 0)
        }
    }

    /// Whole lines from `place` on; none where nothing has come yet.
    func piece(after place: Int) async throws -> Piece {
        try await reading { file, size in
            let start = min(max(0, place), size)
            return piece(try read(file, from: start, to: min(size, start + pieceSize)), at: start, startsInside: false)
        }
    }

    /// Cuts bytes into lines; what is before the first line break is left out where the bytes start inside a line, and so is
    /// what is behind the last.
    private func piece(_ bytes: [UInt8], at offset: Int, startsInside: Bool) -> Piece {
        let feed = UInt8(ascii: "\n")
        var start = 0
        if startsInside { start = bytes.firstIndex(of: feed).map { $0 + 1 } ?? bytes.count }
        guard let last = bytes.lastIndex(of: feed), last >= start else {
            // A line that is longer than a piece would never be passed.
            guard bytes.count >= pieceSize else { return Piece(from: offset + start, to: offset + start, lines: []) }
            return Piece(from: offset, to: offset + bytes.count, lines: [line(bytes[...])])
        }
        let lines = bytes[start..<last].split(separator: feed, omittingEmptySubsequences: true).map(line)
        return Piece(from: offset + start, to: offset + last + 1, lines: lines)
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> Line {
        guard let json = try? JSON(parsing: Array(bytes)), let text = json["text"]?.string else {
            return Line(level: "info", time: "", text: String(decoding: bytes, as: UTF8.self))
        }
        let time = json["time"]?.string.flatMap { $0.split(separator: "T").last } ?? ""
        return Line(level: json["level"]?.string ?? "info", time: String(time.prefix(8)), text: text)
    }

    private func read(_ file: FileHandle, from start: Int, to end: Int) throws -> [UInt8] {
        try file.seek(toOffset: UInt64(start))
        return Array(try file.read(upToCount: end - start) ?? Data())
    }

    private func reading(_ body: @escaping @Sendable (FileHandle, Int) throws -> Piece) async throws -> Piece {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async {
                continuation.resume(
                    with: Result {
                        guard let file = FileHandle(forReadingAtPath: path) else {
                            return Piece(from: 0, to: 0, lines: [])
                        }
                        defer { try? file.close() }
                        return try body(file, Int(try file.seekToEnd()))
                    })
            }
        }
    }
}

import Dispatch
import Documents
import Orchestrate

/// An attempt's log, read in pieces off the threads that answer requests.
struct LogFile: Sendable {
    typealias Piece = AttemptLogPieces.Piece

    private let pieces: AttemptLogPieces

    private static let queue = DispatchQueue(label: "leat.logs", qos: .userInitiated, attributes: .concurrent)

    init(path: String) { pieces = AttemptLogPieces(path: path) }

    /// The end of the log.
    func tail() async -> Piece { await reading { $0.tail() } }

    /// The lines that end at `place`.
    func piece(before place: LogPlace) async -> Piece { await reading { $0.piece(before: place) } }

    /// The lines from `place` on; nil for the beginning.
    func piece(after place: LogPlace?) async -> Piece { await reading { $0.piece(after: place) } }

    /// The first piece from `place` on with a line that is meant, and which of its lines that is; nil where there is none.
    /// - Parameter bytes: what stands in the file in every such line, letters in any case.
    func find(
        after place: LogPlace?, having bytes: [UInt8] = [], where isMeant: @escaping @Sendable (LogLine) -> Bool
    ) async -> (piece: Piece, match: Int)? {
        await withCheckedContinuation { continuation in
            Self.queue.async {
                continuation.resume(returning: pieces.find(after: place, having: bytes, where: isMeant))
            }
        }
    }

    private func reading(_ body: @escaping @Sendable (AttemptLogPieces) -> Piece) async -> Piece {
        await withCheckedContinuation { continuation in
            Self.queue.async { continuation.resume(returning: body(pieces)) }
        }
    }
}

extension LogLine {
    /// Level, time of day in UTC and text, as pages show them.
    var fields: [(String, String)] {
        let clock = time?.description.split(separator: "T").last.map { String($0.prefix(8)) }
        return [("level", level.rawValue), ("time", clock ?? ""), ("text", text)]
    }
}

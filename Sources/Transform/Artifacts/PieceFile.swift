import Diagnostics
import Foundation
import Synchronization

/// A file that many threads write: each piece has a number, and the pieces go out in their order as soon as they can.
///
/// Pieces need not be kept until all are there, so a large file takes little memory. It is written under another name
/// first, so that nobody sees half of it.
final class PieceFile: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: [UInt8]] = [:]
        var hasFailed = false
    }

    private let path: String
    private let handle: FileHandle
    private let state = Mutex(State())

    private var temporary: String { path + ".new" }

    /// - Throws: ``TransformError`` where the file cannot be made.
    init(_ path: String) throws(TransformError) {
        self.path = path
        do {
            let url = URL(filePath: path + ".new")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: path + ".new", contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw Self.failure(error.localizedDescription, path)
        }
    }

    /// Takes the piece with the number; pieces are numbered from 0 without gaps.
    func add(_ number: Int, _ piece: consuming [UInt8]) {
        state.withLock { state in
            state.waiting[number] = piece
            while let piece = state.waiting.removeValue(forKey: state.next) {
                state.next += 1
                if !write(piece) { state.hasFailed = true }
            }
        }
    }

    private func write(_ piece: [UInt8]) -> Bool {
        piece.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            let data = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
            do {
                try handle.write(contentsOf: data)
                return true
            } catch { return false }
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``TransformError`` where something could not be written.
    func finish() throws(TransformError) {
        let isWhole = state.withLock { !$0.hasFailed && $0.waiting.isEmpty }
        guard isWhole, (try? handle.close()) != nil, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw Self.failure("is the disk full?", path)
        }
    }

    private static func failure(_ reason: String, _ path: String) -> TransformError {
        TransformError(.unreadable, "the file cannot be written: \(reason)", location: SourceLocation(file: path))
    }
}

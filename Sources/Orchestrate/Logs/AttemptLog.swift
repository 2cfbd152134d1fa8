import Foundation
import Synchronization

/// The log file of one attempt, one JSON object per line, made when the first line comes.
///
/// Lines are written at once, so that others can follow, and so that nothing is lost when the process is killed. A file that has
/// grown to `limit` is put aside as `PATH.1`, what was there as `PATH.2`, and so on; the oldest is given up.
final class AttemptLog: Sendable {
    private struct File {
        /// nil before the first line, -1 when no more are written.
        var descriptor: Int32?
        var size = 0
    }

    /// How much of a log is kept beside the file that is being written.
    struct Limit: Sendable {
        var bytes = 64 << 20
        var files = 3
    }

    let path: String
    private let limit: Limit
    private let file = Mutex(File())

    /// - Parameter directory: where the logs of all runs are.
    init(directory: String, run: RunID, attempt: AttemptKey, limit: Limit = Limit()) {
        path = [
            Self.directory(of: run, in: directory), Self.fileName(attempt.task.rawValue), "attempt-\(attempt.number).jsonl",
        ].joined(separator: "/")
        self.limit = limit
    }

    /// Where the logs of a run are.
    static func directory(of run: RunID, in directory: String) -> String {
        [directory, fileName(run.pipeline.rawValue), fileName(run.name)].joined(separator: "/")
    }

    /// Appends a line. A disk that is full loses lines, not the run.
    func append(_ line: LogLine, at now: Timestamp) {
        var bytes: [UInt8] = []
        line.write(to: &bytes, at: now)
        file.withLock { file in
            if file.descriptor == nil { file = openFile() }
            if file.size > 0, file.size + bytes.count > limit.bytes, let descriptor = file.descriptor, descriptor >= 0 {
                close(descriptor)
                rotate()
                file = openFile()
            }
            guard let descriptor = file.descriptor, descriptor >= 0 else { return }
            file.size += bytes.count
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count < 0 {
                    if errno == EINTR { continue }
                    return
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Closes the file; later lines are lost.
    func finish() {
        file.withLock { file in
            if let descriptor = file.descriptor, descriptor >= 0 { close(descriptor) }
            file.descriptor = -1
        }
    }

    private func rotate() {
        unlink("\(path).\(limit.files)")
        for number in stride(from: limit.files - 1, through: 1, by: -1) { rename("\(path).\(number)", "\(path).\(number + 1)") }
        rename(path, "\(path).1")
    }

    private func openFile() -> File {
        let directory = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let size = descriptor >= 0 ? lseek(descriptor, 0, SEEK_END) : 0
        return File(descriptor: descriptor, size: Int(size))
    }

    /// A name that every file system takes: other bytes than letters, digits and `._-+` become `%` and two digits.
    static func fileName(_ name: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
                result.append(byte)
            case UInt8(ascii: ".") where !result.isEmpty: result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        if result.isEmpty { return "%00" }
        guard result.count > 200 else { return String(decoding: result, as: UTF8.self) }
        let hash = FNV1a.hash(name.utf8)  // keeps long names apart
        return String(decoding: result.prefix(180), as: UTF8.self) + "%~" + String(hash, radix: 16)
    }
}

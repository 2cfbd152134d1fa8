import Foundation

/// Reads the log of an attempt from the beginning, in pieces, also while it is still being written.
///
/// ```swift
/// var reader = AttemptLogReader(path: path)
/// while let lines = reader.next() { for line in lines { print(line.text) } }
/// ```
///
/// A log of any size takes the memory of one piece. Reading blocks, for as long as a disk takes.
package struct AttemptLogReader: ~Copyable {
    private let path: String
    private var descriptor: Int32 = -1
    /// The file number of what is open, to notice that the log has been put aside.
    private var inode: UInt64 = 0
    /// Older parts that are still to be read, the oldest last.
    private var older: [String]
    /// The beginning of a line whose end has not been read yet.
    private var rest: [UInt8] = []

    /// How much is read at once.
    private static let pieceSize = 256 << 10
    /// Longer lines are cut into several.
    private static let maximumLine = 4 << 20

    package init(path: String) {
        self.path = path
        var found: [String] = []
        var number = 1
        while FileManager.default.fileExists(atPath: "\(path).\(number)") {
            found.append("\(path).\(number)")
            number += 1
        }
        older = found
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next lines; nil where there are no more at the moment. Later calls find what was written since.
    package mutating func next() -> [LogLine]? {
        while true {
            if descriptor < 0, !openNext() { return nil }
            var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
            let count = read(descriptor, &bytes, bytes.count)
            if count > 0 {
                let lines = lines(in: bytes[..<count])
                if !lines.isEmpty { return lines }
                continue
            }
            // At the end of a part that nobody writes any more the next begins.
            guard !older.isEmpty || isPutAside else { return nil }
            close(descriptor)
            descriptor = -1
        }
    }

    private mutating func openNext() -> Bool {
        let next = older.popLast() ?? path
        descriptor = open(next, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return !older.isEmpty }
        var status = stat()
        inode = fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
        return true
    }

    /// Whether another file has the log's name now.
    private var isPutAside: Bool {
        var status = stat()
        return stat(path, &status) == 0 && UInt64(status.st_ino) != inode
    }

    private mutating func lines(in bytes: ArraySlice<UInt8>) -> [LogLine] {
        var lines: [LogLine] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 10) {
            rest += bytes[start..<end]
            if let line = LogLine(parsing: rest) { lines.append(line) }
            rest.removeAll(keepingCapacity: true)
            start = end + 1
        }
        rest += bytes[start...]
        if rest.count > Self.maximumLine { rest.removeAll() }
        return lines
    }
}

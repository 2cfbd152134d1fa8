import Processes

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Cuts what comes out of a pipe into lines.
struct LineBuffer {
    let file: Int32
    private(set) var hasEnded = false
    private var splitter = LineSplitter()
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    init(_ file: Int32) { self.file = file }

    /// Reads what is there, and hands over the lines that are whole; at the end also one without an end.
    mutating func fill(_ line: ([UInt8]) throws -> Void) rethrows {
        var count = 0
        repeat {
            count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count > 0 else {
            hasEnded = true
            return try splitter.finish { bytes, _ in try line(bytes) }
        }
        try splitter.feed(chunk[..<count]) { bytes, _ in if !bytes.isEmpty { try line(bytes) } }
    }
}

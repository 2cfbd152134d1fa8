#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Cuts what comes out of a pipe into lines.
struct LineBuffer {
    let file: Int32
    private(set) var hasEnded = false
    private var pending: [UInt8] = []
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
            let rest = pending
            pending = []
            if !rest.isEmpty { try line(rest) }
            return
        }
        var start = 0
        for place in 0..<count where chunk[place] == 0x0A {
            let rest = pending + chunk[start..<place]
            pending.removeAll(keepingCapacity: true)
            start = place + 1
            if !rest.isEmpty { try line(rest) }
        }
        pending += chunk[start..<count]
    }
}

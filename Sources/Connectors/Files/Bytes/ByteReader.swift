/// The bytes of a file in their order. For one thread that may block.
protocol ByteReader: AnyObject {
    /// Puts bytes into `target`, as many as are there, at least one.
    /// - Returns: how many; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int
}

extension ByteReader {
    /// Up to so many bytes; fewer at the end only.
    func take(_ count: Int) throws(ConnectorError) -> [UInt8] {
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { target.deallocate() }
        let filled = try fill(target)
        return Array(target[..<filled])
    }

    /// Fills `target` as far as there are bytes.
    func fill(_ target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        var count = 0
        while count < target.count {
            let more = try read(into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
            if more == 0 { break }
            count += more
        }
        return count
    }
}

/// Shows the first bytes before they are read.
final class PeekingReader: ByteReader {
    private let upstream: any ByteReader
    private var head: [UInt8]

    /// - Parameter count: how many bytes to show.
    init(_ upstream: any ByteReader, count: Int) throws(ConnectorError) {
        self.upstream = upstream
        head = try upstream.take(count)
    }

    /// What comes next, as far as there is so much.
    var peeked: [UInt8] { head }

    /// Leaves out bytes that were shown.
    func skip(_ count: Int) { head.removeFirst(count) }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        guard !head.isEmpty else { return try upstream.read(into: target) }
        let count = min(target.count, head.count)
        target.copyBytes(from: head[..<count])
        head.removeFirst(count)
        return count
    }
}

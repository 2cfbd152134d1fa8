import Documents

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes Airbyte messages, one a line, to a file that may be a pipe. Records gather until there are many; everything else
/// goes out at once.
final class MessageWriter {
    private let file: Int32
    private(set) var buffer: [UInt8] = []
    private static let limit = 64 << 10

    /// - Parameter file: where to; it stays open.
    init(_ file: Int32) {
        self.file = file
        buffer.reserveCapacity(2 * Self.limit)
    }

    /// Writes a message.
    func send(_ message: JSON) throws(ConnectorError) {
        message.write(to: &buffer)
        buffer.append(0x0A)
        try flush()
    }

    /// Adds a line that `body` appends, without its end.
    @inline(__always)
    func line(_ body: (inout [UInt8]) throws(ConnectorError) -> Void) throws(ConnectorError) {
        try body(&buffer)
        buffer.append(0x0A)
        if buffer.count >= Self.limit { try flush() }
    }

    func flush() throws(ConnectorError) {
        defer { buffer.removeAll(keepingCapacity: true) }
        var offset = 0
        while offset < buffer.count {
            let count = buffer[offset...].withUnsafeBytes { bytes in
                #if canImport(Darwin)
                    Darwin.write(file, bytes.baseAddress, bytes.count)
                #else
                    Glibc.write(file, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                throw ConnectorError(.process, "who reads our messages has gone: \(reason)", failureType: .transient)
            }
            offset += count
        }
    }
}

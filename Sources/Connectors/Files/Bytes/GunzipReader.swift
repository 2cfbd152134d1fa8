import Czlib

/// Unpacks gzip, also of several members one after the other.
final class GunzipReader: ByteReader {
    private let name: String
    private let upstream: any ByteReader
    /// zlib remembers its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var isInMember = true
    private var hasEnded = false

    init(_ upstream: any ByteReader, name: String) throws(ConnectorError) {
        self.upstream = upstream
        self.name = name
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 to say that it is gzip and not bare zlib.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ConnectorError(.source, "zlib cannot begin to unpack \(name)", failureType: .system)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        let out = target.bindMemory(to: UInt8.self)
        stream.pointee.next_out = out.baseAddress
        stream.pointee.avail_out = UInt32(clamping: out.count)
        let room = stream.pointee.avail_out
        while !hasEnded, stream.pointee.avail_out == room {
            if stream.pointee.avail_in == 0 {
                let count = try upstream.read(into: input)
                if count == 0 {
                    hasEnded = true
                    if isInMember { throw broken("it ends in the middle") }
                    break
                }
                stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_in = UInt32(count)
            }
            if !isInMember {
                inflateReset(stream)
                isInMember = true
            }
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isInMember = false
            default: throw broken(stream.pointee.msg.map { String(cString: $0) } ?? "it is damaged")
            }
        }
        return Int(room - stream.pointee.avail_out)
    }

    private func broken(_ what: String) -> ConnectorError {
        ConnectorError(
            .data, "\(name) is no whole gzip file: \(what)", hint: "get the file again, or set compression: none")
    }
}

/// Turns the text of another encoding into UTF-8.
///
/// What is no character there becomes the byte 0xFF, which no UTF-8 has: who looks at the value finds it, and knows its place.
final class TranscodingReader: ByteReader {
    private let upstream: any ByteReader
    private let encoding: TextEncoding
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// Bytes at the beginning of `input` that are not yet a whole character.
    private var pending = 0
    private var output: [UInt8] = []
    private var taken = 0
    private var hasEnded = false
    private static let invalid: UInt8 = 0xFF

    init(_ upstream: any ByteReader, from encoding: TextEncoding) {
        self.upstream = upstream
        self.encoding = encoding
    }

    deinit { input.deallocate() }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        while taken == output.count, !hasEnded { try convert() }
        let count = min(target.count, output.count - taken)
        target.copyBytes(from: output[taken..<(taken + count)])
        taken += count
        return count
    }

    private func convert() throws(ConnectorError) {
        output.removeAll(keepingCapacity: true)
        taken = 0
        let count = try upstream.read(into: UnsafeMutableRawBufferPointer(rebasing: input[pending...]))
        hasEnded = count == 0
        let end = pending + count
        pending = 0
        switch encoding {
        case .utf8: output.append(contentsOf: input[..<end])
        case .latin1: for byte in input[..<end] { append(UInt32(byte)) }
        case .windows1252:
            for byte in input[..<end] {
                let isHigh = (0x80..<0xA0).contains(byte)
                let scalar = isHigh ? TextEncoding.windows1252High[Int(byte) - 0x80] : UInt16(byte)
                if isHigh, scalar == 0 { output.append(Self.invalid) } else { append(UInt32(scalar)) }
            }
        case .utf16LittleEndian, .utf16BigEndian: convertUTF16(end)
        }
    }

    private func convertUTF16(_ end: Int) {
        func unit(_ offset: Int) -> UInt32 {
            let first = UInt32(input[offset])
            let second = UInt32(input[offset + 1])
            return encoding == .utf16BigEndian ? first << 8 | second : second << 8 | first
        }
        var offset = 0
        while offset + 2 <= end {
            let first = unit(offset)
            guard (0xD800..<0xE000).contains(first) else {
                append(first)
                offset += 2
                continue
            }
            guard offset + 4 <= end || hasEnded else { break }
            if first < 0xDC00, offset + 4 <= end, case let second = unit(offset + 2), (0xDC00..<0xE000).contains(second) {
                append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                offset += 4
            } else {
                output.append(Self.invalid)
                offset += 2
            }
        }
        if hasEnded {
            if offset < end { output.append(Self.invalid) }
            return
        }
        pending = end - offset
        for place in 0..<pending { input[place] = input[offset + place] }
    }

    private func append(_ scalar: UInt32) {
        switch scalar {
        case ..<0x80: output.append(UInt8(scalar))
        case ..<0x800:
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            output.append(UInt8(0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(0xF0 | scalar >> 18))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}

/// What PostgreSQL takes as text: UTF-8 without the character zero.
enum TextCheck {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Whether all bytes are ASCII and none is zero. Looks at eight at a time.
    static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt64 = 0
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // A zero byte borrows from its highest bit.
            seen |= word | ((word &- ones) & ~word)
            offset += 8
        }
        if seen & highs != 0 { return false }
        return bytes[offset...].allSatisfy { $0 != 0 && $0 < 0x80 }
    }

    /// Whether the bytes are UTF-8 without the character zero, as PostgreSQL checks it: no surrogates, nothing longer than
    /// needed, nothing above U+10FFFF.
    static func isText(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var offset = 0
        while offset < count {
            // Most text is ASCII for the most part.
            if offset + 8 <= count {
                let word = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if (word | ((word &- ones) & ~word)) & highs == 0 {
                    offset += 8
                    continue
                }
            }
            let byte = bytes[offset]
            if byte < 0x80 {
                if byte == 0 { return false }
                offset += 1
                continue
            }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            guard byte >= 0xC2, byte <= 0xF4, offset + length <= count else { return false }
            let second = bytes[offset + 1]
            let least: UInt8 = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80
            let most: UInt8 = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF
            guard second >= least, second <= most else { return false }
            for place in 2..<max(2, length) where bytes[offset + place] & 0xC0 != 0x80 { return false }
            offset += length
        }
        return true
    }
}

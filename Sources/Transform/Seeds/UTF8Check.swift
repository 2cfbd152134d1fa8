/// Finds what keeps bytes from being a text that PostgreSQL stores.
enum UTF8Check {
    struct Fault: Equatable {
        var offset: Int
        var message: String
    }

    /// The first byte that is not UTF-8, or the first NUL.
    static func firstFault(in bytes: Span<UInt8>) -> Fault? {
        let count = bytes.count
        let raw = bytes.bytes
        var index = 0
        while index < count {
            // Eight bytes at a time, as long as each is ASCII and none is 0.
            while index + 8 <= count {
                let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { break }
                index += 8
            }
            guard index < count else { break }
            let byte = bytes[index]
            if byte == 0 { return Fault(offset: index, message: "holds a NUL byte, which PostgreSQL cannot store") }
            guard let width = sequenceLength(at: index, in: bytes) else {
                return Fault(
                    offset: index, message: "is not UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true)) does not fit")
            }
            index += width
        }
        return nil
    }

    /// Table 3-7 of the Unicode standard.
    private static func sequenceLength(at index: Int, in bytes: Span<UInt8>) -> Int? {
        let first = bytes[index]
        if first < 0x80 { return 1 }
        func isNext(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + distance < bytes.count && range.contains(bytes[index + distance])
        }
        switch first {
        case 0xC2...0xDF: return isNext(1) ? 2 : nil
        case 0xE0: return isNext(1, 0xA0...0xBF) && isNext(2) ? 3 : nil
        case 0xED: return isNext(1, 0x80...0x9F) && isNext(2) ? 3 : nil
        case 0xE1...0xEF: return isNext(1) && isNext(2) ? 3 : nil
        case 0xF0: return isNext(1, 0x90...0xBF) && isNext(2) && isNext(3) ? 4 : nil
        case 0xF1...0xF3: return isNext(1) && isNext(2) && isNext(3) ? 4 : nil
        case 0xF4: return isNext(1, 0x80...0x8F) && isNext(2) && isNext(3) ? 4 : nil
        default: return nil
        }
    }
}

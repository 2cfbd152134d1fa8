extension DataLocator {
    /// The first byte of the file that cannot stand in text of the server: a zero, or what is not UTF-8.
    func invalidByte(in bytes: UnsafeRawBufferPointer) -> Place? {
        var line = 1
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80, byte != 0 {
                let isPair = byte == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && !isPair { line += 1 }
                index += 1
                continue
            }
            let length = byte == 0 ? 0 : format.isUTF8 ? Self.sequenceLength(at: index, in: bytes) : 1
            if length == 0 { return Place(line: line, column: column(of: index, in: bytes), value: nil) }
            index += length
        }
        return nil
    }

    /// How many bytes the character at `index` has; 0 if there is none. The table is that of the Unicode Standard, 3.9.
    private static func sequenceLength(at index: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[index] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        return bytes[(index + 2)..<(index + length)].allSatisfy { $0 & 0xC0 == 0x80 } ? length : 0
    }
}

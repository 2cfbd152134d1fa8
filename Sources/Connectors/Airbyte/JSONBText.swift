/// Whether PostgreSQL takes a text as `jsonb`: strict JSON without the character zero, halves of surrogate pairs and numbers
/// beyond `numeric`.
enum JSONBText {
    static func isAccepted(_ bytes: ArraySlice<UInt8>) -> Bool {
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                guard let end = stringEnd(bytes, offset) else { return false }
                offset = end
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "."):
                var end = offset
                while end < bytes.endIndex, !", \t\n\r]}:".utf8.contains(bytes[end]) { end += 1 }
                guard isAtom(String(decoding: bytes[offset..<end], as: UTF8.self)) else { return false }
                offset = end
            default: offset += 1
            }
        }
        return true
    }

    private static func isAtom(_ word: String) -> Bool {
        if ["true", "false", "null"].contains(word) { return true }
        guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil else { return false }
        return NumericBinary.bytes(word) != nil
    }

    private static func stringEnd(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Int? {
        var offset = start + 1
        var isAfterHigh = false
        while offset < bytes.endIndex {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\") {
                guard offset + 1 < bytes.endIndex else { return nil }
                let escape = bytes[offset + 1]
                guard escape == UInt8(ascii: "u") else {
                    guard !isAfterHigh, "\"\\/bfnrt".utf8.contains(escape) else { return nil }
                    offset += 2
                    continue
                }
                guard offset + 6 <= bytes.endIndex,
                    let unit = UInt32(String(decoding: bytes[(offset + 2)..<(offset + 6)], as: UTF8.self), radix: 16)
                else { return nil }
                let isLow = (0xDC00...0xDFFF).contains(unit)
                guard unit != 0, isLow == isAfterHigh else { return nil }
                isAfterHigh = (0xD800...0xDBFF).contains(unit)
                offset += 6
                continue
            }
            if isAfterHigh || byte < 0x20 { return nil }
            if byte == UInt8(ascii: "\"") { return offset + 1 }
            offset += 1
        }
        return nil
    }
}

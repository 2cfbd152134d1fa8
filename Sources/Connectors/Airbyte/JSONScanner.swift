/// Finds the parts of a JSON text without making values of them, so that a number keeps all its digits and a document every
/// character. Lenient as readers of Airbyte messages have to be: `NaN` and `Infinity` pass as words.
struct JSONScanner {
    let bytes: [UInt8]

    /// Deeper nesting is refused, so that no text overflows the stack.
    private static let maximumDepth = 512

    /// The members of the object that `range` is, in order; nil if it is none or is broken.
    func members(of range: Range<Int>) -> [(key: String, value: Range<Int>)]? {
        var offset = skipSpace(range.lowerBound)
        guard offset < range.upperBound, bytes[offset] == UInt8(ascii: "{") else { return nil }
        offset = skipSpace(offset + 1)
        var members: [(key: String, value: Range<Int>)] = []
        if offset < range.upperBound, bytes[offset] == UInt8(ascii: "}") { return members }
        while offset < range.upperBound {
            guard bytes[offset] == UInt8(ascii: "\""), let end = stringEnd(offset), let key = string(offset..<end) else {
                return nil
            }
            offset = skipSpace(end)
            guard offset < range.upperBound, bytes[offset] == UInt8(ascii: ":") else { return nil }
            let start = skipSpace(offset + 1)
            guard let stop = valueEnd(start), stop <= range.upperBound else { return nil }
            members.append((key, start..<stop))
            offset = skipSpace(stop)
            guard offset < range.upperBound else { return nil }
            if bytes[offset] == UInt8(ascii: "}") { return members }
            guard bytes[offset] == UInt8(ascii: ",") else { return nil }
            offset = skipSpace(offset + 1)
        }
        return nil
    }

    /// The text of the string that `range` is, with its quotes; nil if it is none.
    func string(_ range: Range<Int>) -> String? {
        guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        let inside = bytes[(range.lowerBound + 1)..<(range.upperBound - 1)]
        if !inside.contains(UInt8(ascii: "\\")) { return String(decoding: inside, as: UTF8.self) }
        return Self.unescaped(inside)
    }

    /// Whether what is there is UTF-8.
    func isText(_ range: Range<Int>) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { TextCheck.isText($0 + range.lowerBound, range.count) } ?? true
        }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Where the value at `start` ends; nil if it is broken.
    func valueEnd(_ start: Int, depth: Int = 0) -> Int? {
        guard start < bytes.count, depth < Self.maximumDepth else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "\""): return stringEnd(start)
        case UInt8(ascii: "{"): return containerEnd(start, isObject: true, depth: depth)
        case UInt8(ascii: "["): return containerEnd(start, isObject: false, depth: depth)
        default:
            var offset = start
            while offset < bytes.count, Self.isAtom(bytes[offset]) { offset += 1 }
            return offset > start ? offset : nil
        }
    }

    private func containerEnd(_ start: Int, isObject: Bool, depth: Int) -> Int? {
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var offset = skipSpace(start + 1)
        if offset < bytes.count, bytes[offset] == close { return offset + 1 }
        while offset < bytes.count {
            if isObject {
                guard bytes[offset] == UInt8(ascii: "\""), let end = stringEnd(offset) else { return nil }
                offset = skipSpace(end)
                guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { return nil }
                offset = skipSpace(offset + 1)
            }
            guard let end = valueEnd(offset, depth: depth + 1) else { return nil }
            offset = skipSpace(end)
            guard offset < bytes.count else { return nil }
            if bytes[offset] == close { return offset + 1 }
            guard bytes[offset] == UInt8(ascii: ",") else { return nil }
            offset = skipSpace(offset + 1)
        }
        return nil
    }

    private func stringEnd(_ start: Int) -> Int? {
        var offset = start + 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""): return offset + 1
            case UInt8(ascii: "\\"): offset += 2
            default: offset += 1
            }
        }
        return nil
    }

    private func skipSpace(_ start: Int) -> Int {
        var offset = start
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
        return offset
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// A lone half of a surrogate pair becomes U+FFFD, as everywhere in Unicode.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String? {
        var units: [UInt8] = []
        var pending: UInt32?
        var offset = bytes.startIndex
        func append(_ scalar: UInt32) {
            units.append(contentsOf: Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8))
        }
        while offset < bytes.endIndex {
            guard bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.endIndex else {
                if pending != nil { append(0xFFFD) }
                pending = nil
                units.append(bytes[offset])
                offset += 1
                continue
            }
            let escape = bytes[offset + 1]
            offset += 2
            if escape == UInt8(ascii: "u") {
                guard offset + 4 <= bytes.endIndex,
                    let unit = UInt32(String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
                else { return nil }
                offset += 4
                switch (pending, unit) {
                case (let high?, 0xDC00...0xDFFF):
                    append(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00))
                    pending = nil
                case (let high, 0xD800...0xDBFF):
                    if high != nil { append(0xFFFD) }
                    pending = unit
                case (let high, _):
                    if high != nil { append(0xFFFD) }
                    pending = nil
                    append(unit)
                }
                continue
            }
            if pending != nil { append(0xFFFD) }
            pending = nil
            switch escape {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            default: units.append(escape)
            }
        }
        if pending != nil { append(0xFFFD) }
        return String(decoding: units, as: UTF8.self)
    }
}

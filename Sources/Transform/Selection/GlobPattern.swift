/// A shell pattern with `*`, `?` and `[...]`, matched against the whole of a text, as Python's fnmatch does.
struct GlobPattern: Sendable {
    private enum Part: Sendable {
        case byte(UInt8)
        case any
        case many
        case oneOf([ClosedRange<UInt8>], negated: Bool)
    }

    private let parts: [Part]

    init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var parts: [Part] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): parts.append(.many)
            case UInt8(ascii: "?"): parts.append(.any)
            case UInt8(ascii: "["):
                if let (part, end) = Self.set(bytes, from: index) {
                    parts.append(part)
                    index = end
                } else {
                    parts.append(.byte(bytes[index]))
                }
            default: parts.append(.byte(bytes[index]))
            }
            index += 1
        }
        self.parts = parts
    }

    static func hasWildcard(_ text: String) -> Bool {
        text.utf8.contains {
            $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
        }
    }

    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var part = 0
        var byte = 0
        var star: (part: Int, byte: Int)?
        while byte < bytes.count {
            if part < parts.count, case .many = parts[part] {
                star = (part, byte)
                part += 1
            } else if part < parts.count, Self.fits(parts[part], bytes[byte]) {
                part += 1
                byte += 1
            } else if let last = star {
                star = (last.part, last.byte + 1)
                part = last.part + 1
                byte = last.byte + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { if case .many = $0 { true } else { false } }
    }

    private static func fits(_ part: Part, _ byte: UInt8) -> Bool {
        switch part {
        case .byte(let wanted): wanted == byte
        case .any: true
        case .many: false
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
        }
    }

    private static func set(_ bytes: [UInt8], from start: Int) -> (Part, Int)? {
        var index = start + 1
        let negated = index < bytes.count && bytes[index] == UInt8(ascii: "!")
        if negated { index += 1 }
        guard let end = bytes[min(index + 1, bytes.count)...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var ranges: [ClosedRange<UInt8>] = []
        while index < end {
            if index + 2 < end, bytes[index + 1] == UInt8(ascii: "-"), bytes[index] <= bytes[index + 2] {
                ranges.append(bytes[index]...bytes[index + 2])
                index += 3
            } else {
                ranges.append(bytes[index]...bytes[index])
                index += 1
            }
        }
        return (.oneOf(ranges, negated: negated), end)
    }
}

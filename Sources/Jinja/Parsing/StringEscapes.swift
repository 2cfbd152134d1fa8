/// The escapes of string literals, which are Python's.
enum StringEscapes {
    /// The text of the bytes between the quotes.
    static func decode(_ bytes: ArraySlice<UInt8>, newline: String) throws -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") && newline != "\n" {
                output.append(text: newline)
            } else if byte != UInt8(ascii: "\\") || index == bytes.endIndex {
                output.append(byte)
            } else {
                let escape = bytes[index]
                index += 1
                try decode(escape, bytes, &index, into: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func decode(
        _ escape: UInt8, _ bytes: ArraySlice<UInt8>, _ index: inout Int, into output: inout [UInt8]
    ) throws {
        switch escape {
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): output.append(escape)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "a"): output.append(0x07)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "v"): output.append(0x0B)
        case UInt8(ascii: "x"): try hex(2, "\\xXX", bytes, &index, into: &output)
        case UInt8(ascii: "u"): try hex(4, "\\uXXXX", bytes, &index, into: &output)
        case UInt8(ascii: "U"): try hex(8, "\\UXXXXXXXX", bytes, &index, into: &output)
        case UInt8(ascii: "N"): try named(bytes, &index, into: &output)
        case 48...55:
            var value = UInt32(escape - 48)
            for _ in 0..<2 where index < bytes.endIndex && 48...55 ~= bytes[index] {
                value = value * 8 + UInt32(bytes[index] - 48)
                index += 1
            }
            append(value, into: &output)
        default:
            output.append(UInt8(ascii: "\\"))
            output.append(escape)
        }
    }

    private static func hex(
        _ width: Int, _ form: String, _ bytes: ArraySlice<UInt8>, _ index: inout Int, into output: inout [UInt8]
    ) throws {
        let digits = bytes[index..<min(index + width, bytes.endIndex)]
        guard digits.count == width, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw TemplateError(.syntax, "truncated \(form) escape")
        }
        guard value <= 0x10FFFF else { throw TemplateError(.syntax, "illegal Unicode character") }
        index += width
        append(value, into: &output)
    }

    /// `\N{name}`. Names are so seldom that all characters are searched.
    private static func named(_ bytes: ArraySlice<UInt8>, _ index: inout Int, into output: inout [UInt8]) throws {
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "{"),
            let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")), end > index + 1
        else { throw TemplateError(.syntax, "malformed \\N character escape") }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self).uppercased()
        let scalar = (UInt32(0)...0x10FFFF).lazy.compactMap { Unicode.Scalar($0) }
            .first { $0.properties.name == name || $0.properties.nameAlias == name }
        guard let scalar else { throw TemplateError(.syntax, "unknown Unicode character name") }
        output.append(scalar: scalar)
        index = end + 1
    }

    private static func append(_ value: UInt32, into output: inout [UInt8]) {
        output.append(scalar: Unicode.Scalar(value) ?? "\u{FFFD}")
    }
}

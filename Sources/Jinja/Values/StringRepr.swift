/// Python's `repr` of a string: quotes, escapes, and code points that are not printable.
enum StringRepr {
    /// Appends the quoted text.
    static func write(_ text: String, into output: inout TextBuffer) {
        if writePlain(text, into: &output) { return }
        let hasSingle = text.utf8.contains(UInt8(ascii: "'"))
        let quote = hasSingle && !text.utf8.contains(UInt8(ascii: "\"")) ? UInt8(ascii: "\"") : UInt8(ascii: "'")
        output.append(quote)
        for scalar in text.unicodeScalars { write(scalar, quote, into: &output) }
        output.append(quote)
    }

    /// Appends the quoted text where nothing in it has to be changed.
    private static func writePlain(_ text: String, into output: inout TextBuffer) -> Bool {
        Text.withBytes(text) { bytes in
            for byte in bytes where byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "'") || byte == 0x5C { return false }
            output.append(UInt8(ascii: "'"))
            output.append(contentsOf: bytes)
            output.append(UInt8(ascii: "'"))
            return true
        }
    }

    private static func write(_ scalar: Unicode.Scalar, _ quote: UInt8, into output: inout TextBuffer) {
        switch scalar.value {
        case UInt32(quote), 0x5C:
            output.append(0x5C)
            output.append(UInt8(scalar.value))
        case 0x0A: output.append(static: "\\n")
        case 0x0D: output.append(static: "\\r")
        case 0x09: output.append(static: "\\t")
        case 0x20..<0x7F: output.append(UInt8(scalar.value))
        case _ where isPrintable(scalar): output.append(scalar: scalar)
        case ..<0x100: escape("\\x", scalar.value, 2, into: &output)
        case ..<0x10000: escape("\\u", scalar.value, 4, into: &output)
        default: escape("\\U", scalar.value, 8, into: &output)
        }
    }

    private static func escape(_ prefix: StaticString, _ value: UInt32, _ width: Int, into output: inout TextBuffer) {
        output.append(static: prefix)
        let digits = String(value, radix: 16)
        for _ in digits.utf8.count..<width { output.append(UInt8(ascii: "0")) }
        output.append(text: digits)
    }

    /// Python's `str.isprintable` for one character.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }
}

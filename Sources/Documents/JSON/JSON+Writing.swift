extension JSON {
    /// The value as UTF-8 JSON text.
    ///
    /// Numbers that JSON cannot hold (NaN, infinities) become null. `indent` spaces per level, nil for one line.
    package func bytes(indent: Int? = nil) -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out, indent: indent, level: 0)
        return out
    }

    /// The value as JSON text on one line, or indented.
    package func text(indent: Int? = nil) -> String { String(decoding: bytes(indent: indent), as: UTF8.self) }

    /// Appends the value's text to `out`.
    package func write(to out: inout [UInt8], indent: Int? = nil, level: Int = 0) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): out.append(contentsOf: String(value).utf8)
        case .double(let value): out.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
        case .string(let value): JSON.writeString(value, to: &out)
        case .array(let items):
            JSON.writeContainer(items, open: "[", close: "]", to: &out, indent: indent, level: level) { item, out in
                item.write(to: &out, indent: indent, level: level + 1)
            }
        case .object(let members):
            JSON.writeContainer(members.entries, open: "{", close: "}", to: &out, indent: indent, level: level) {
                entry, out in
                JSON.writeString(entry.key, to: &out)
                out.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
                entry.value.write(to: &out, indent: indent, level: level + 1)
            }
        }
    }

    private static func writeContainer<Item>(
        _ items: [Item], open: Unicode.Scalar, close: Unicode.Scalar, to out: inout [UInt8], indent: Int?, level: Int,
        writeItem: (Item, inout [UInt8]) -> Void
    ) {
        out.append(UInt8(ascii: open))
        var isFirst = true
        for item in items {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            if let indent { newline(to: &out, spaces: indent * (level + 1)) }
            writeItem(item, &out)
        }
        if let indent, !isFirst { newline(to: &out, spaces: indent * level) }
        out.append(UInt8(ascii: close))
    }

    private static func newline(to out: inout [UInt8], spaces: Int) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: spaces))
    }

    /// Appends `text` quoted; control characters are escaped, all else stays UTF-8.
    package static func writeString(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { writeSpans(of: $0, to: &out) }
        if isWritten == nil { Array(text.utf8).withUnsafeBufferPointer { writeSpans(of: $0, to: &out) } }
        out.append(UInt8(ascii: "\""))
    }

    /// Copies what needs no escapes in one piece.
    private static func writeSpans(of bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x7F { continue }
            if start < index { out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index])) }
            start = index + 1
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7F:
                out.append(contentsOf: #"\u00"#.utf8)
                out.append(hexDigits[Int(byte >> 4)])
                out.append(hexDigits[Int(byte & 15)])
            default: break
            }
        }
        if start < bytes.count { out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...])) }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}

/// HTML escaping as MarkupSafe does it.
enum Escaping {
    /// Replaces `&`, `<`, `>`, `'` and `"`.
    static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var output = TextBuffer()
        write(text, into: &output)
        return output.string
    }

    /// Appends the value's text, escaped unless it is safe already.
    static func write(_ value: Value, into output: inout TextBuffer) throws {
        switch value {
        case .markup(let text): output.append(text: text)
        case .int, .bool, .none, .double, .bigInt: try value.write(into: &output)
        case .object(let object):
            if let html = object.html { output.append(text: html) } else { output.append(text: escape(object.description)) }
        case .string(let text): write(text, into: &output)
        default: write(try value.text(), into: &output)
        }
    }

    /// The value as safe text.
    static func escaped(_ value: Value) throws -> String {
        if case .markup(let text) = value { return text }
        if case .object(let object) = value, let html = object.html { return html }
        return escape(try value.text())
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""): true
        default: false
        }
    }

    private static func write(_ text: String, into output: inout TextBuffer) {
        Text.withBytes(text) { bytes in
            var start = 0
            for index in bytes.indices where isSpecial(bytes[index]) {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
                write(bytes[index], into: &output)
                start = index + 1
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
    }

    private static func write(_ byte: UInt8, into output: inout TextBuffer) {
        switch byte {
        case UInt8(ascii: "&"): output.append(static: "&amp;")
        case UInt8(ascii: "<"): output.append(static: "&lt;")
        case UInt8(ascii: ">"): output.append(static: "&gt;")
        case UInt8(ascii: "'"): output.append(static: "&#39;")
        case UInt8(ascii: "\""): output.append(static: "&#34;")
        default: output.append(byte)
        }
    }
}

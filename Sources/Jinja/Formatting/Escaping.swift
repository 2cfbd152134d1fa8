/// HTML escaping as MarkupSafe does it.
enum Escaping {
    /// Replaces `&`, `<`, `>`, `'` and `"`.
    static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 { write(byte, into: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the value's text, escaped unless it is safe already.
    static func write(_ value: Value, into output: inout [UInt8]) throws {
        switch value {
        case .markup(let text): output.append(text: text)
        case .int, .bool, .none, .double, .bigInt: try value.write(into: &output)
        case .object(let object):
            if let html = object.html { output.append(text: html) } else { output.append(text: escape(object.description)) }
        default: output.append(text: escape(try value.text()))
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

    private static func write(_ byte: UInt8, into output: inout [UInt8]) {
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

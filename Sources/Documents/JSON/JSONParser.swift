import Diagnostics

extension JSON {
    /// Reads one JSON document.
    /// - Parameter file: what to call the text in errors.
    /// - Throws: `DocumentError` with line and column.
    package init(parsing bytes: [UInt8], file: String = "JSON") throws(DocumentError) {
        var parser = JSONParser(bytes: bytes, file: file)
        self = try parser.document()
    }

    /// Reads one JSON document.
    package init(parsing text: String, file: String = "JSON") throws(DocumentError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }
}

/// A strict reader of RFC 8259 text, over bytes.
struct JSONParser {
    let bytes: [UInt8]
    let file: String
    private var offset = 0
    private var depth = 0

    /// Deeper nesting is refused, so that no text overflows the stack.
    private static let maximumDepth = 512

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    mutating func document() throws(DocumentError) -> JSON {
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw failure("unexpected text after the JSON document") }
        return value
    }

    private mutating func value() throws(DocumentError) -> JSON {
        skipSpace()
        guard offset < bytes.count else { throw failure("the JSON text ends where a value was expected") }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("JSON nested deeper than \(Self.maximumDepth) levels") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("unexpected character in JSON")
        }
    }

    private mutating func object() throws(DocumentError) -> JSON {
        offset += 1
        var members = JSON.Members()
        var seen: Set<String> = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw failure("expected a JSON key") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw failure("expected ':' after the JSON key '\(key)'") }
            let value = try value()
            if seen.insert(key).inserted { members.append(key, value) } else { members[key] = value }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("expected ',' or '}' in a JSON object") }
        }
    }

    private mutating func array() throws(DocumentError) -> JSON {
        offset += 1
        var items: [JSON] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            items.append(try value())
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw failure("expected ',' or ']' in a JSON array") }
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(DocumentError) -> JSON {
        let expected = Array("\(word)".utf8)
        guard bytes[offset...].starts(with: expected) else { throw failure("unexpected word in JSON") }
        offset += expected.count
        return value
    }

    private mutating func number() throws(DocumentError) -> JSON {
        let start = offset
        var isWhole = true
        scan: while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
            default: break scan
            }
            offset += 1
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw failure("'\(text)' is not a JSON number") }
        return .double(value)
    }

    private mutating func string() throws(DocumentError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") { offset += 1 }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
            offset += 1
            return String(decoding: bytes[start..<(offset - 1)], as: UTF8.self)
        }
        var text = Array(bytes[start..<min(offset, bytes.count)])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        throw failure("a JSON string is not closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(DocumentError) {
        guard offset < bytes.count else { throw failure("a JSON string ends in an escape") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var code = try hexCode()
            if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
                let low = try hexCode()
                code = 0x10000 + ((code - 0xD800) << 10) + (low &- 0xDC00)
            }
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw failure("unknown escape in a JSON string")
        }
    }

    private mutating func hexCode() throws(DocumentError) -> UInt32 {
        guard offset + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
        else { throw failure("a JSON \\u escape needs four hexadecimal digits") }
        offset += 4
        return code
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    private func failure(_ message: String) -> DocumentError {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return DocumentError(
            .syntax, message,
            location: SourceLocation(file: file, line: line, column: before.count - lineStart + 1))
    }
}

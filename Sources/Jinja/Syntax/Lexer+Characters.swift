extension Lexer {
    /// Whether an ASCII byte can be in a name.
    @inline(__always) static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == 95
    }

    /// Whether a byte is ASCII whitespace.
    @inline(__always) static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
    }

    /// The offset of the first byte that is not whitespace.
    static func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if isSpace(bytes[index]) {
                index += 1
            } else if bytes[index] >= 0x80, let width = unicodeSpaceWidth(bytes, index, min(index + 3, bytes.count)) {
                index += width
            } else {
                break
            }
        }
        return index
    }

    /// The end of a range without the whitespace at its end.
    static func trimmedEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = end
        while index > start {
            if isSpace(bytes[index - 1]) {
                index -= 1
            } else if bytes[index - 1] >= 0x80, let width = unicodeSpaceWidth(before: index, in: bytes, from: start) {
                index -= width
            } else {
                break
            }
        }
        return index
    }

    private static func unicodeSpaceWidth(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
        guard let scalar = text.unicodeScalars.first, Text.isSpace(scalar) else { return nil }
        return UTF8.width(scalar)
    }

    private static func unicodeSpaceWidth(before end: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        for width in 2...3 where end - width >= start {
            if unicodeSpaceWidth(bytes, end - width, end) == width { return width }
        }
        return nil
    }

    /// Whether there is nothing but whitespace.
    static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { trimmedEnd(bytes, 0, bytes.count) == 0 }

    /// The operator that begins with the given bytes, and its length.
    static func operators(_ byte: UInt8, _ next: UInt8) -> (TokenKind, Int)? {
        switch byte {
        case UInt8(ascii: "+"): (.add, 1)
        case UInt8(ascii: "-"): (.subtract, 1)
        case UInt8(ascii: "/"): next == byte ? (.floorDivide, 2) : (.divide, 1)
        case UInt8(ascii: "*"): next == byte ? (.power, 2) : (.multiply, 1)
        case UInt8(ascii: "%"): (.modulo, 1)
        case UInt8(ascii: "~"): (.tilde, 1)
        case UInt8(ascii: "["): (.leftBracket, 1)
        case UInt8(ascii: "]"): (.rightBracket, 1)
        case UInt8(ascii: "("): (.leftParenthesis, 1)
        case UInt8(ascii: ")"): (.rightParenthesis, 1)
        case UInt8(ascii: "{"): (.leftBrace, 1)
        case UInt8(ascii: "}"): (.rightBrace, 1)
        case UInt8(ascii: "="): next == byte ? (.equal, 2) : (.assign, 1)
        case UInt8(ascii: "!"): next == UInt8(ascii: "=") ? (.notEqual, 2) : nil
        case UInt8(ascii: ">"): next == UInt8(ascii: "=") ? (.greaterEqual, 2) : (.greater, 1)
        case UInt8(ascii: "<"): next == UInt8(ascii: "=") ? (.lessEqual, 2) : (.less, 1)
        case UInt8(ascii: "."): (.dot, 1)
        case UInt8(ascii: ":"): (.colon, 1)
        case UInt8(ascii: "|"): (.pipe, 1)
        case UInt8(ascii: ","): (.comma, 1)
        case UInt8(ascii: ";"): (.semicolon, 1)
        default: nil
        }
    }
}

extension Lexer {
    /// The kind of code that is being read, which decides how it ends.
    enum Mode {
        case block, variable, lineStatement
    }

    /// Reads tokens up to and including the closing delimiter.
    mutating func readCode(_ mode: Mode) {
        brackets.removeAll(keepingCapacity: true)
        let closing = mode == .variable ? rules.variableEndByte : rules.blockEndByte
        while position < bytes.count {
            let byte = bytes[position]
            let mayEnd = byte == closing || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || mode == .lineStatement
            if mayEnd, brackets.isEmpty, let end = end(of: mode) {
                emit(mode == .variable ? .variableEnd : .blockEnd, position, end)
                position = end
                return
            }
            switch byte {
            case 0x20, 0x09...0x0D, 0x1C...0x1F: position += 1
            case 48...57: readNumber()
            case 97...122, 65...90, 95: readName()
            case UInt8(ascii: "'"), UInt8(ascii: "\""): readString(byte)
            case 128...: readUnicode()
            default: readOperator(byte)
            }
        }
        if mode == .lineStatement && brackets.isEmpty && failure == nil { emit(.blockEnd, position, position) }
    }

    private func end(of mode: Mode) -> Int? {
        switch mode {
        case .block: return closing(rules.blockEnd, at: position, plus: true, trims: rules.trimsBlocks)
        case .variable: return closing(rules.variableEnd, at: position, plus: false, trims: false)
        case .lineStatement:
            let end = Lexer.skipSpace(bytes, position)
            if end == bytes.count { return end }
            for index in (position..<end).reversed() where bytes[index] == UInt8(ascii: "\n") { return index + 1 }
            return nil
        }
    }

    private mutating func readName() {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if Lexer.isNameByte(byte) {
                position += 1
            } else if byte >= 128, let (scalar, length) = scalar(at: position), scalar.properties.isXIDContinue {
                position += length
            } else {
                break
            }
        }
        guard let base = bytes.baseAddress else { return }
        emit(.name, start, position, Keyword(base + start, position - start))
    }

    private mutating func readUnicode() {
        guard let (scalar, length) = scalar(at: position) else { return fail("unexpected char", at: position) }
        if scalar.properties.isXIDStart { return readName() }
        if Text.isSpace(scalar) {
            position += length
        } else if scalar.properties.isXIDContinue {
            fail("Invalid character in identifier", at: position)
        } else {
            failUnexpected(scalar)
        }
    }

    private mutating func failUnexpected(_ scalar: Unicode.Scalar) {
        let characters = bytes[..<position].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        let isQuote = scalar == "'" || scalar == "\""
        fail(
            "unexpected char \(Value.string(String(scalar)).pythonRepr) at \(characters)"
                + (isQuote ? ", expected the end of the string that begins here" : ""), at: position)
    }

    private func scalar(at offset: Int) -> (Unicode.Scalar, Int)? {
        let tail = String(decoding: UnsafeBufferPointer(rebasing: bytes[offset..<min(offset + 4, bytes.count)]), as: UTF8.self)
        guard let scalar = tail.unicodeScalars.first else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    private mutating func readString(_ quote: UInt8) {
        var index = position + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                emit(.string, position, index + 1)
                position = index + 1
                return
            }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        failUnexpected(Unicode.Scalar(quote))
    }

    // MARK: Numbers

    private mutating func readNumber() {
        let start = position
        if start == 0 || bytes[start - 1] != UInt8(ascii: "."), let end = floatEnd() {
            position = end
            return emit(.float, start, end)
        }
        position = integerEnd()
        emit(.integer, start, position)
    }

    /// The end of digits with single underscores between them.
    private func digitsEnd(_ start: Int, while isDigit: (UInt8) -> Bool = { 48...57 ~= $0 }) -> Int {
        var index = start
        while index < bytes.count {
            if isDigit(bytes[index]) {
                index += 1
            } else if bytes[index] == UInt8(ascii: "_"), index > start, index + 1 < bytes.count, isDigit(bytes[index + 1]) {
                index += 2
            } else {
                break
            }
        }
        return index
    }

    private func floatEnd() -> Int? {
        var index = digitsEnd(position)
        var isFloat = false
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            let end = digitsEnd(index + 1)
            if end > index + 1 {
                index = end
                isFloat = true
            }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            var exponent = index + 1
            if exponent < bytes.count, bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-") {
                exponent += 1
            }
            let end = digitsEnd(exponent)
            if end > exponent { return end }
        }
        return isFloat ? index : nil
    }

    private func integerEnd() -> Int {
        guard bytes[position] == UInt8(ascii: "0") else { return digitsEnd(position) }
        if position + 1 < bytes.count {
            let isDigit: ((UInt8) -> Bool)?
            switch bytes[position + 1] | 0x20 {
            case UInt8(ascii: "b"): isDigit = { 48...49 ~= $0 }
            case UInt8(ascii: "o"): isDigit = { 48...55 ~= $0 }
            case UInt8(ascii: "x"): isDigit = { 48...57 ~= $0 || 97...102 ~= ($0 | 0x20) }
            default: isDigit = nil
            }
            if let isDigit {
                var first = position + 2
                if first < bytes.count, bytes[first] == UInt8(ascii: "_") { first += 1 }
                let end = digitsEnd(first, while: isDigit)
                if end > first { return end }
            }
        }
        return digitsEnd(position) { $0 == UInt8(ascii: "0") }
    }

    // MARK: Operators

    private mutating func readOperator(_ byte: UInt8) {
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        guard let (kind, length) = Lexer.operators(byte, next) else { return failUnexpected(Unicode.Scalar(byte)) }
        switch kind {
        case .leftBrace: brackets.append(UInt8(ascii: "}"))
        case .leftParenthesis: brackets.append(UInt8(ascii: ")"))
        case .leftBracket: brackets.append(UInt8(ascii: "]"))
        case .rightBrace, .rightParenthesis, .rightBracket:
            let found = Character(Unicode.Scalar(byte))
            guard let expected = brackets.popLast() else { return fail("unexpected '\(found)'", at: position) }
            if expected != byte {
                return fail("unexpected '\(found)', expected '\(Character(Unicode.Scalar(expected)))'", at: position)
            }
        default: break
        }
        emit(kind, position, position + length)
        position += length
    }
}

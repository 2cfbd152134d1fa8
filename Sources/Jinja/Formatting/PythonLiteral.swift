/// Reads the literals that Python's `ast.literal_eval` knows.
public struct PythonLiteral {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// How many brackets are open.
    private var brackets = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value of a text that is one literal, nil when it is not.
    public static func parse(_ text: String) -> Value? {
        // Python's source holds no zero bytes, and each kind of line end counts as one.
        guard !text.utf8.contains(0) else { return nil }
        var reader = PythonLiteral(text.utf8.contains(0x0D) ? lineFeeds(text) : Array(text.utf8))
        reader.skipEmptyLines()
        // Indented source is an error; a form feed begins the line anew.
        let indent = reader.bytes[..<reader.position].reversed().prefix { $0 == 0x20 || $0 == 0x09 }
        guard !reader.atEnd, indent.isEmpty, let value = reader.tuple() else { return nil }
        reader.skipEmptyLines()
        return reader.atEnd ? value : nil
    }

    private static func lineFeeds(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            // Of a carriage return with a line feed behind it, the latter is left.
            if byte == 0x0A, bytes.last == 0x0D { bytes.removeLast() }
            bytes.append(byte)
        }
        return bytes.map { $0 == 0x0D ? 0x0A : $0 }
    }

    private var atEnd: Bool { position == bytes.count }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0C }

    /// Skips what separates parts of a literal: space and, inside of brackets, line ends and comments too.
    private mutating func skipSpace() {
        while position < bytes.count {
            if PythonLiteral.isSpace(bytes[position]) || (bytes[position] == 0x0A && brackets > 0) {
                position += 1
            } else if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == 0x0A {
                // The line goes on with the next one, of which there must be something.
                guard position + 2 < bytes.count else { return }
                position += 2
            } else if bytes[position] == UInt8(ascii: "#"), brackets > 0 {
                skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    }

    /// Skips line ends, space, and comments, as they may stand before and behind a literal.
    private mutating func skipEmptyLines() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x0A, 0x20, 0x09, 0x0C: position += 1
            case UInt8(ascii: "#"): skipComment()
            default: return
            }
        }
    }

    private mutating func take(_ byte: Character) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
        position += 1
        if "([{".contains(byte) { brackets += 1 }
        if ")]}".contains(byte) { brackets -= 1 }
        skipSpace()
        return true
    }

    /// A value, or values separated by commas.
    private mutating func tuple() -> Value? {
        guard let first = value() else { return nil }
        skipSpace()
        guard take(",") else { return first }
        var items = [first]
        while position < bytes.count, ![UInt8(ascii: ")"), UInt8(ascii: "#"), 0x0A].contains(bytes[position]) {
            guard let next = value() else { return nil }
            items.append(next)
            if !take(",") { break }
        }
        return .tuple(Tuple(items))
    }

    private mutating func value() -> Value? {
        skipSpace()
        guard position < bytes.count, depth < 200 else { return nil }
        depth += 1
        defer {
            depth -= 1
            skipSpace()
        }
        switch bytes[position] {
        case UInt8(ascii: "("):
            _ = take("(")
            if take(")") { return .tuple(Tuple([])) }
            guard let value = tuple(), take(")") else { return nil }
            return value
        case UInt8(ascii: "["):
            _ = take("[")
            return sequence("]").map { .list(List($0)) }
        case UInt8(ascii: "{"): return braces()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return strings()
        case UInt8(ascii: "-"), UInt8(ascii: "+"): return signed()
        case 48...57, UInt8(ascii: "."): return number()
        default: return startsPrefixedString ? strings() : word()
        }
    }

    private mutating func sequence(_ end: Character) -> [Value]? {
        var items: [Value] = []
        while !take(end) {
            guard let item = value() else { return nil }
            items.append(item)
            if !take(",") { return take(end) ? items : nil }
        }
        return items
    }

    private mutating func braces() -> Value? {
        _ = take("{")
        if take("}") { return .dict(Dict()) }
        guard let first = value(), first.isHashable else { return nil }
        guard take(":") else {
            guard !take("}") else { return .set(ValueSet([first])) }
            guard take(","), let rest = sequence("}"), rest.allSatisfy(\.isHashable) else { return nil }
            return .set(ValueSet([first] + rest))
        }
        let dict = Dict()
        guard let firstValue = value() else { return nil }
        dict[first] = firstValue
        while !take("}") {
            guard take(",") else { return nil }
            if take("}") { break }
            guard let key = value(), key.isHashable, take(":"), let item = value() else { return nil }
            dict[key] = item
        }
        return .dict(dict)
    }

    private mutating func strings() -> Value? {
        var text = ""
        while position < bytes.count, isQuote(at: position) || startsPrefixedString {
            let isRaw = bytes[position] | 0x20 == UInt8(ascii: "r")
            if !isQuote(at: position) { position += 1 }
            guard let part = string(isRaw: isRaw) else { return nil }
            text += part
            skipSpace()
        }
        return .string(text)
    }

    private func isQuote(at place: Int) -> Bool {
        place < bytes.count && (bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\""))
    }

    /// Whether `r` or `u` stands before a quote here.
    private var startsPrefixedString: Bool {
        let letter = bytes[position] | 0x20
        return (letter == UInt8(ascii: "r") || letter == UInt8(ascii: "u")) && isQuote(at: position + 1)
    }

    private mutating func string(isRaw: Bool) -> String? {
        let quote = bytes[position]
        let isTriple = position + 2 < bytes.count && bytes[position + 1] == quote && bytes[position + 2] == quote
        let width = isTriple ? 3 : 1
        let start = position + width
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if bytes[index] == 0x0A && !isTriple { return nil }
            if bytes[index] == quote,
                !isTriple || (index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote)
            {
                position = index + width
                if isRaw { return String(decoding: bytes[start..<index], as: UTF8.self) }
                return try? StringEscapes.decode(bytes[start..<index], newline: "\n")
            }
            index += 1
        }
        return nil
    }

    private mutating func signed() -> Value? {
        let isNegative = bytes[position] == UInt8(ascii: "-")
        position += 1
        guard let value = bracketedNumber() else { return nil }
        guard isNegative else { return value }
        switch Number(value) {
        case .int(let number): return (-BigInteger(number)).value
        case .big(let number): return (-number).value
        case .double(let number): return .double(-number)
        case nil: return nil
        }
    }

    /// A number, which may stand in parentheses.
    private mutating func bracketedNumber() -> Value? {
        skipSpace()
        guard position < bytes.count, depth < 200 else { return nil }
        if take("(") {
            depth += 1
            defer { depth -= 1 }
            guard let value = bracketedNumber() else { return nil }
            skipSpace()
            return take(")") ? value : nil
        }
        return 48...57 ~= bytes[position] || bytes[position] == UInt8(ascii: ".") ? number() : nil
    }

    private mutating func number() -> Value? {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            let isSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && bytes[position - 1] | 0x20 == UInt8(ascii: "e")
                && position > start && !bytes[start..<position].starts(with: [48, 120])
            guard Lexer.isNameByte(byte) || byte == UInt8(ascii: ".") || isSign else { break }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return NumberText.integer(text, base: 0, strict: true)
            ?? (text.contains { "xXoObB".contains($0) } ? nil : NumberText.double(text)).flatMap {
                text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } ? .double($0) : nil
            }
    }

    private mutating func word() -> Value? {
        let start = position
        while position < bytes.count, Lexer.isNameByte(bytes[position]) { position += 1 }
        switch String(decoding: bytes[start..<position], as: UTF8.self) {
        case "None": return Value.none
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "set" where take("(") && take(")"): return .set(ValueSet())
        default: return nil
        }
    }
}

/// Reads the literals that Python's `ast.literal_eval` knows.
public struct PythonLiteral {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ text: some Sequence<UInt8>) { bytes = Array(text) }

    /// The value of a text that is one literal, nil when it is not.
    public static func parse(_ text: String) -> Value? {
        // Empty lines before it count for nothing, and Python's source holds no zero bytes.
        let lines = text.utf8.drop { $0 == 0x0A || $0 == 0x0D }
        guard let first = lines.first, first != 0x20, first != 0x09, !lines.contains(0) else { return nil }
        var reader = PythonLiteral(lines)
        guard let value = reader.tuple(), reader.atEnd else { return nil }
        return value
    }

    private var atEnd: Bool { position == bytes.count }

    private mutating func skipSpace(inBrackets: Bool = true) {
        while position < bytes.count,
            [0x20, 0x09, 0x0C].contains(bytes[position]) || (bytes[position] == 0x0A && (depth > 0 || onlySpaceFollows))
        {
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "#") {
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            skipSpace(inBrackets: inBrackets)
        }
    }

    private var onlySpaceFollows: Bool { bytes[position...].allSatisfy { [0x20, 0x09, 0x0A, 0x0C].contains($0) } }

    private mutating func take(_ byte: Character) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
        position += 1
        skipSpace()
        return true
    }

    /// A value, or values separated by commas.
    private mutating func tuple() -> Value? {
        guard let first = value() else { return nil }
        skipSpace()
        guard take(",") else { return first }
        var items = [first]
        while position < bytes.count, bytes[position] != UInt8(ascii: ")") {
            guard let next = value() else { return nil }
            items.append(next)
            if !take(",") { break }
        }
        return .tuple(Tuple(items))
    }

    private mutating func value() -> Value? {
        skipSpace()
        guard position < bytes.count, depth < 100 else { return nil }
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
        skipSpace()
        guard position < bytes.count, 48...57 ~= bytes[position] || bytes[position] == UInt8(ascii: "."), let value = number()
        else { return nil }
        guard isNegative else { return value }
        switch Number(value) {
        case .int(let number): return (-BigInteger(number)).value
        case .big(let number): return (-number).value
        case .double(let number): return .double(-number)
        case nil: return nil
        }
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

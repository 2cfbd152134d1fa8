/// The methods of strings that cut them into parts.
enum StringSplitting {
    static func call(_ method: Method, _ text: String, _ arguments: Arguments) throws -> Value? {
        switch method {
        case .split, .rsplit:
            let separator = try arguments.optionalString(0, "sep", of: method.name)
            let limit = try arguments.int(1, "maxsplit", default: -1, of: method.name)
            if let separator, separator.isEmpty { throw TemplateError.value("empty separator") }
            if let separator, method == .split || limit < 0 {
                return .list(List(pieces(text, separator, limit) { .string($0) }))
            }
            return Value(method == .split ? split(text, separator, limit) : splitFromEnd(text, separator, limit))
        case .splitlines: return Value(lines(text, keepingEnds: try arguments.bool(0, "keepends", default: false)))
        case .partition, .rpartition: return .tuple(Tuple(try partition(method, text, arguments)))
        default: return nil
        }
    }

    /// Cuts at a separator, or at runs of whitespace; at most `limit` times unless it is negative.
    static func split(_ text: String, _ separator: String?, _ limit: Int) -> [String] {
        separator.map { pieces(text, $0, limit) { $0 } } ?? words(text, limit)
    }

    /// Cuts at a separator and makes something of each part.
    @inline(__always) static func pieces<Part>(
        _ text: String, _ separator: String, _ limit: Int, _ make: (String) -> Part
    ) -> [Part] {
        Text.withBytes(text) { bytes in
            Text.withBytes(separator) { separator in
                var parts: [Part] = []
                parts.reserveCapacity(4)
                var start = 0
                while limit < 0 || parts.count < limit, let hit = TextSearch.find(separator, in: bytes, from: start) {
                    parts.append(make(Text.string(bytes, start, hit)))
                    start = hit + separator.count
                }
                parts.append(make(Text.string(bytes, start, bytes.count)))
                return parts
            }
        }
    }

    private static func words(_ text: String, _ limit: Int) -> [String] {
        var parts: [String] = []
        var rest = text.unicodeScalars[...].drop(while: Text.isSpace)
        while !rest.isEmpty {
            if limit >= 0 && parts.count == limit {
                parts.append(String(rest))
                break
            }
            let word = rest.prefix { !Text.isSpace($0) }
            parts.append(String(word))
            rest = rest[word.endIndex...].drop(while: Text.isSpace)
        }
        return parts
    }

    private static func splitFromEnd(_ text: String, _ separator: String?, _ limit: Int) -> [String] {
        guard limit >= 0 else { return split(text, separator, limit) }
        guard let separator else {
            let reversed = String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
            return words(reversed, limit).reversed().map { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) }
        }
        let all = split(text, separator, -1)
        guard all.count > limit + 1 else { return all }
        let head = all.count - limit
        return [all[..<head].joined(separator: separator)] + all[head...]
    }

    /// The lines of a text by Python's line boundaries.
    static func lines(_ text: String, keepingEnds: Bool = false) -> [String] {
        var lines: [String] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let end = index
            index = scalars.index(after: index)
            guard isLineBreak(scalar) else { continue }
            if scalar == "\r", index < scalars.endIndex, scalars[index] == "\n" { index = scalars.index(after: index) }
            lines.append(String(scalars[start..<(keepingEnds ? index : end)]))
            start = index
        }
        if start < scalars.endIndex { lines.append(String(scalars[start...])) }
        return lines
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func partition(_ method: Method, _ text: String, _ arguments: Arguments) throws -> [Value] {
        let separator = try arguments.string(0, "sep", of: method.name)
        if separator.isEmpty { throw TemplateError.value("empty separator") }
        let parts = method == .partition ? split(text, separator, 1) : splitFromEnd(text, separator, 1)
        if parts.count == 2 { return [.string(parts[0]), .string(separator), .string(parts[1])] }
        return method == .partition ? [.string(text), "", ""] : ["", "", .string(text)]
    }
}

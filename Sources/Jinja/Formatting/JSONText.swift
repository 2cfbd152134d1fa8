/// JSON as Python's `json.dumps` writes it.
public enum JSONText {
    /// Writes a value.
    ///
    /// - Parameters:
    ///   - indent: The number of spaces per level; nil for one line.
    ///   - sortsKeys: Whether the keys of dicts are sorted.
    /// - Throws: ``TemplateError`` of kind `type` for values that JSON does not know.
    public static func write(_ value: Value, indent: Int? = nil, sortsKeys: Bool = false) throws -> String {
        var output: [UInt8] = []
        try write(value, indent, sortsKeys, 0, &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// JSON that can stand inside of HTML.
    static func htmlSafe(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): output.append(static: "\\u003c")
            case UInt8(ascii: ">"): output.append(static: "\\u003e")
            case UInt8(ascii: "&"): output.append(static: "\\u0026")
            case UInt8(ascii: "'"): output.append(static: "\\u0027")
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func write(
        _ value: Value, _ indent: Int?, _ sortsKeys: Bool, _ level: Int, _ output: inout [UInt8]
    ) throws {
        guard level < 200 else { throw TemplateError.value("Circular reference detected") }
        try Arithmetic.checkSize(output.count)
        switch value {
        case .none: output.append(static: "null")
        case .bool(let flag): output.append(text: flag ? "true" : "false")
        case .int(let number): output.append(integer: number)
        case .bigInt(let number): output.append(text: number.description)
        case .double(let number):
            output.append(
                text: number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : FloatText.repr(number))
        case .string(let text), .markup(let text): write(text, &output)
        case .list(let list): try write(list.items, indent, sortsKeys, level, &output)
        case .tuple(let tuple): try write(tuple.items, indent, sortsKeys, level, &output)
        case .dict(let dict): try write(dict, indent, sortsKeys, level, &output)
        case .undefined, .set, .object:
            throw TemplateError.type("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private static func newLine(_ indent: Int?, _ level: Int, _ output: inout [UInt8]) {
        guard let indent else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(0x20, count: max(0, indent * level)))
    }

    private static func write(
        _ items: [Value], _ indent: Int?, _ sortsKeys: Bool, _ level: Int, _ output: inout [UInt8]
    ) throws {
        guard !items.isEmpty else { return output.append(static: "[]") }
        output.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(text: indent == nil ? ", " : ",") }
            newLine(indent, level + 1, &output)
            try write(item, indent, sortsKeys, level + 1, &output)
        }
        newLine(indent, level, &output)
        output.append(UInt8(ascii: "]"))
    }

    private static func write(
        _ dict: Dict, _ indent: Int?, _ sortsKeys: Bool, _ level: Int, _ output: inout [UInt8]
    ) throws {
        guard !dict.isEmpty else { return output.append(static: "{}") }
        var keys = dict.keys
        if sortsKeys { keys = try Comparison.sorted(keys, reverse: false) { $0 } }
        output.append(UInt8(ascii: "{"))
        for (index, key) in keys.enumerated() {
            if index > 0 { output.append(text: indent == nil ? ", " : ",") }
            newLine(indent, level + 1, &output)
            write(try name(key), &output)
            output.append(static: ": ")
            try write(dict[key] ?? .none, indent, sortsKeys, level + 1, &output)
        }
        newLine(indent, level, &output)
        output.append(UInt8(ascii: "}"))
    }

    private static func name(_ key: Value) throws -> String {
        switch key {
        case .string(let text), .markup(let text): return text
        case .none: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int, .bigInt, .double: return try key.text()
        default:
            throw TemplateError.type("keys must be str, int, float, bool or None, not \(key.typeName)")
        }
    }

    private static func write(_ text: String, _ output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: output.append(static: "\\\"")
            case 0x5C: output.append(static: "\\\\")
            case 0x0A: output.append(static: "\\n")
            case 0x0D: output.append(static: "\\r")
            case 0x09: output.append(static: "\\t")
            case 0x08: output.append(static: "\\b")
            case 0x0C: output.append(static: "\\f")
            case 0x20..<0x7F: output.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                output.append(static: "\\u")
                for _ in digits.utf8.count..<4 { output.append(UInt8(ascii: "0")) }
                output.append(text: digits)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

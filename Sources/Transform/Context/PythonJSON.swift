import Documents
import Jinja

/// JSON as Python's `json.dumps` writes it: a space after commas and colons, and nothing outside of ASCII.
enum PythonJSON {
    static func text(of value: Value, sortsKeys: Bool = false) -> String {
        var out: [UInt8] = []
        write(value, sortsKeys: sortsKeys, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private static func write(_ value: Value, sortsKeys: Bool, to out: inout [UInt8]) {
        switch value {
        case .undefined, .none: out += Array("null".utf8)
        case .bool(let flag): out += Array((flag ? "true" : "false").utf8)
        case .int, .bigInt, .double: out += Array(value.pythonRepr.utf8)
        case .string(let text), .markup(let text): writeString(text, to: &out)
        case .dict(let dict):
            var pairs = dict.pairs
            if sortsKeys { pairs.sort { $0.key.pythonString < $1.key.pythonString } }
            out.append(UInt8(ascii: "{"))
            for (index, pair) in pairs.enumerated() {
                if index > 0 { out += [UInt8(ascii: ","), UInt8(ascii: " ")] }
                writeString(pair.key.pythonString, to: &out)
                out += [UInt8(ascii: ":"), UInt8(ascii: " ")]
                write(pair.value, sortsKeys: sortsKeys, to: &out)
            }
            out.append(UInt8(ascii: "}"))
        default:
            guard let items = value.elements ?? (try? value.objectValue?.iterate()) else {
                writeString(value.pythonString, to: &out)
                return
            }
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out += [UInt8(ascii: ","), UInt8(ascii: " ")] }
                write(item, sortsKeys: sortsKeys, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
    }

    private static func writeString(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: out += Array(#"\""#.utf8)
            case 0x5C: out += Array(#"\\"#.utf8)
            case 0x0A: out += Array(#"\n"#.utf8)
            case 0x0D: out += Array(#"\r"#.utf8)
            case 0x09: out += Array(#"\t"#.utf8)
            case 0x20..<0x7F: out.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                out += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

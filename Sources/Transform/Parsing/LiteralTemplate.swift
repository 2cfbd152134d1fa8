/// Recognises templates that dbt reads without rendering: text, comments, and `{{ }}` with a literal or a call of `ref`,
/// `source` or `config` whose arguments are literals.
///
/// It goes by dbt's own reader (dbt_extractor 0.6): truth values in capitals, no numbers, tuples, `none`, escaped quotes or
/// hooks in `config()`, no tags at all.
struct LiteralTemplate {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    static func accepts(_ code: String) -> Bool {
        var code = code
        return code.withUTF8 { bytes in
            var reader = LiteralTemplate(bytes: bytes)
            return reader.template()
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var current: UInt8 { index < bytes.count ? bytes[index] : 0 }
    private func byte(at place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    private mutating func template() -> Bool {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            switch byte(at: index + 1) {
            case UInt8(ascii: "%"): return false
            case UInt8(ascii: "#"):
                index += 2
                while index < bytes.count, !(current == UInt8(ascii: "#") && byte(at: index + 1) == UInt8(ascii: "}")) {
                    index += 1
                }
                index += 2
            case UInt8(ascii: "{"):
                index += 2
                if current == UInt8(ascii: "-") { index += 1 }
                guard expression() else { return false }
                skipSpace()
                if current == UInt8(ascii: "-") { index += 1 }
                guard take("}"), take("}") else { return false }
            default: index += 1
            }
        }
        return true
    }

    private mutating func expression() -> Bool {
        skipSpace()
        guard Self.isLetter(current) else { return literal(allowsNumber: true) }
        let name = word()
        if name == "True" || name == "False" { return true }
        skipSpace()
        guard take("(") else { return false }
        return arguments(of: name)
    }

    private mutating func arguments(of function: String) -> Bool {
        var positional = 0
        var named = 0
        while true {
            skipSpace()
            if take(")") { break }
            if Self.isLetter(current) {
                let start = index
                let key = word()
                skipSpace()
                if take("=") {
                    guard allows(key, of: function) else { return false }
                    skipSpace()
                    let isVersion = function == "ref"
                    guard literal(allowsNumber: isVersion) else { return false }
                    named += 1
                } else {
                    index = start
                    guard literal(allowsNumber: false) else { return false }
                    positional += 1
                }
            } else {
                guard current == UInt8(ascii: "'") || current == UInt8(ascii: "\""), literal(allowsNumber: false) else {
                    return false
                }
                positional += 1
            }
            skipSpace()
            if take(",") { continue }
            guard take(")") else { return false }
            break
        }
        switch function {
        case "ref": return (1...2).contains(positional) && named <= 1
        case "source": return positional + named == 2
        case "config": return positional == 0 && named > 0
        default: return false
        }
    }

    private func allows(_ key: String, of function: String) -> Bool {
        switch function {
        case "ref": key == "v" || key == "version"
        case "source": key == "source_name" || key == "table_name"
        default: key != "pre_hook" && key != "post_hook"
        }
    }

    /// A text, a truth value, a list or a dict of such.
    private mutating func literal(allowsNumber: Bool) -> Bool {
        skipSpace()
        switch current {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return text()
        case UInt8(ascii: "["):
            index += 1
            while true {
                skipSpace()
                if take("]") { return true }
                guard literal(allowsNumber: false) else { return false }
                skipSpace()
                if take(",") { continue }
                return take("]")
            }
        case UInt8(ascii: "{"):
            index += 1
            while true {
                skipSpace()
                if take("}") { return true }
                guard text() else { return false }
                skipSpace()
                guard take(":"), literal(allowsNumber: false) else { return false }
                skipSpace()
                if take(",") { continue }
                return take("}")
            }
        case UInt8(ascii: "0")...UInt8(ascii: "9") where allowsNumber:
            while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) || current == UInt8(ascii: ".") { index += 1 }
            return true
        default:
            guard Self.isLetter(current) else { return false }
            let name = word()
            return name == "True" || name == "False"
        }
    }

    private mutating func text() -> Bool {
        let quote = current
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
        index += 1
        while index < bytes.count, current != quote {
            // An escaped quote ends the text for dbt's reader, and what follows is no template to it.
            if current == UInt8(ascii: "\\"), byte(at: index + 1) == quote { return false }
            index += 1
        }
        index += 1
        return index <= bytes.count
    }

    private mutating func word() -> String {
        let start = index
        while Self.isLetter(current) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func skipSpace() {
        while current == 0x20 || (0x09...0x0D).contains(current) { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || (byte | 0x20) &- 97 < 26 }
}

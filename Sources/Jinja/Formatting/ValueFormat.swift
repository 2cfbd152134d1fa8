/// Formats a value by a specification of Python's format mini-language.
enum ValueFormat {
    static func format(_ value: Value, _ text: String) throws -> String {
        switch value {
        case .object(let object):
            if let result = try object.formatted(text) { return result }
        case .int, .bigInt, .bool, .double, .string, .markup: break
        case .undefined(let undefined):
            if text.isEmpty { return try undefined.text() }
            throw TemplateError.type("unsupported format string passed to \(value.typeName).__format__")
        default: break
        }
        if text.isEmpty { return try value.text() }
        switch value {
        case .string(let string), .markup(let string): return try format(string, text)
        case .bool, .int, .bigInt, .double: return try number(value, text)
        default: throw TemplateError.type("unsupported format string passed to \(value.typeName).__format__")
        }
    }

    private static func format(_ string: String, _ text: String) throws -> String {
        let spec = try FormatSpecification(text, for: "str")
        if let type = spec.type, type != "s" {
            throw TemplateError.value("Unknown format code '\(type)' for object of type 'str'")
        }
        if spec.align == "=" && !text.hasPrefix("0") {
            throw TemplateError.value("'=' alignment not allowed in string format specifier")
        }
        var body = string
        if let precision = spec.precision { body = String(string.unicodeScalars.prefix(precision)) }
        var padded = spec
        if spec.align == "=" { padded.align = "<" }
        return padded.pad("", body, defaultAlign: "<")
    }

    private static func number(_ value: Value, _ text: String) throws -> String {
        let spec = try FormatSpecification(text, for: value.typeName)
        guard let number = Number(value) else { return text }
        if let integer = number.big, !"eEfFgG%".unicodeScalars.contains(spec.type ?? "d") {
            return try format(integer, spec, value)
        }
        return try floating(number.double, spec, value)
    }

    private static func format(_ value: BigInteger, _ spec: FormatSpecification, _ original: Value) throws -> String {
        if spec.precision != nil { throw TemplateError.value("Precision not allowed in integer format specifier") }
        var magnitude = value
        magnitude.isNegative = false
        var prefix = sign(value.isNegative, spec)
        var body: String
        var group = 3
        switch spec.type ?? "d" {
        case "d", "n":
            body = magnitude.text(radix: 10)
        case "b": (body, group) = (magnitude.text(radix: 2), 4)
        case "o": (body, group) = (magnitude.text(radix: 8), 4)
        case "x": (body, group) = (magnitude.text(radix: 16), 4)
        case "X": (body, group) = (magnitude.text(radix: 16).uppercased(), 4)
        case "c":
            guard let code = magnitude.intValue, let scalar = Unicode.Scalar(UInt32(min(code, 0x110000))) else {
                throw TemplateError(.overflow, "%c arg not in range(0x110000)")
            }
            return spec.pad("", String(scalar), defaultAlign: "<")
        default:
            throw TemplateError.value("Unknown format code '\(spec.type ?? "?")' for object of type '\(original.typeName)'")
        }
        if spec.isAlternate, let type = spec.type, "boxX".unicodeScalars.contains(type) { prefix += "0\(type)" }
        if let grouping = spec.grouping { body = grouped(body, grouping, group, spec, prefix) }
        return spec.pad(prefix, body, defaultAlign: ">")
    }

    /// Formats a float.
    static func floating(_ value: Double, _ spec: FormatSpecification, _ original: Value) throws -> String {
        let magnitude = abs(value)
        var body: String
        let type = spec.type ?? " "
        switch type {
        case "f", "F": body = DecimalText.fixed(magnitude, spec.precision ?? 6)
        case "e", "E": body = DecimalText.exponent(magnitude, spec.precision ?? 6)
        case "g", "G", "n": body = DecimalText.general(magnitude, spec.precision ?? 6, alternate: spec.isAlternate)
        case "%": body = DecimalText.fixed(magnitude * 100, spec.precision ?? 6) + "%"
        case " ":
            if let precision = spec.precision {
                body = DecimalText.general(magnitude, precision, alternate: false, keepsPoint: true)
            } else {
                body = FloatText.repr(magnitude)
            }
        default: throw TemplateError.value("Unknown format code '\(type)' for object of type '\(original.typeName)'")
        }
        if type.properties.isUppercase { body = body.uppercased() }
        let prefix = sign(value.sign == .minus && !value.isNaN, spec)
        if let grouping = spec.grouping {
            let whole = body.prefix { $0.isNumber }
            let rest = body.dropFirst(whole.count)
            body = grouped(String(whole), grouping, 3, spec, prefix + rest) + rest
        }
        return spec.pad(prefix, body, defaultAlign: ">")
    }

    private static func sign(_ isNegative: Bool, _ spec: FormatSpecification) -> String {
        isNegative ? "-" : spec.sign == "-" ? "" : String(spec.sign)
    }

    /// Puts separators between groups of digits; zeros that fill up to the width are grouped too, and none begins with a separator.
    ///
    /// - Parameter others: what else stands in the width.
    private static func grouped(
        _ digits: String, _ separator: Unicode.Scalar, _ size: Int, _ spec: FormatSpecification, _ others: String
    ) -> String {
        var digits = digits
        if spec.fill == "0" && spec.align == "=" {
            let room = spec.width - others.utf8.count
            while digits.utf8.count + (digits.utf8.count - 1) / size < room { digits = "0" + digits }
        }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.utf8.count - index) % size == 0 { result.unicodeScalars.append(separator) }
            result.append(digit)
        }
        return result
    }
}

/// Python's `%` operator on strings.
struct PercentFormat {
    private let scalars: [Unicode.Scalar]
    private let values: [Value]
    private let mapping: Value?
    private let runtime: Runtime
    private let escaping: Bool
    private var position = 0
    private var next = 0

    /// Replaces the conversions of a format string.
    static func format(_ text: String, _ operand: Value, _ runtime: Runtime, escaping: Bool = false) throws -> String {
        if !escaping, let result = try simple(text, operand, runtime) { return try Arithmetic.checked(result) }
        var formatter = PercentFormat(text, operand, runtime, escaping: escaping)
        return try Arithmetic.checked(try formatter.run())
    }

    /// The text where there is nothing but `%s`, `%d` of integers, and `%%`; nil for everything else.
    private static func simple(_ text: String, _ operand: Value, _ runtime: Runtime) throws -> String? {
        if case .dict = operand { return nil }
        let tuple: Tuple? = if case .tuple(let tuple) = operand { tuple } else { nil }
        let count = tuple?.count ?? 1
        var output = runtime.takeBuffer()
        defer { runtime.giveBack(&output) }
        var next = 0
        let isSimple = try Text.withBytes(text) { bytes -> Bool in
            var start = 0
            while let mark = bytes[start...].firstIndex(of: UInt8(ascii: "%")) {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<mark]))
                guard mark + 1 < bytes.count else { return false }
                start = mark + 2
                if bytes[mark + 1] == UInt8(ascii: "%") {
                    output.append(UInt8(ascii: "%"))
                    continue
                }
                guard next < count else { return false }
                switch (bytes[mark + 1], tuple?[next] ?? operand) {
                case (UInt8(ascii: "s"), .object): return false
                case (UInt8(ascii: "s"), let value): try value.write(into: &output)
                case (UInt8(ascii: "d"), .int(let number)): output.append(integer: number)
                default: return false
                }
                next += 1
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
            return next == count
        }
        return isSimple ? output.string : nil
    }

    private init(_ text: String, _ operand: Value, _ runtime: Runtime, escaping: Bool) {
        scalars = Array(text.unicodeScalars)
        if case .tuple(let tuple) = operand { values = tuple.items } else { values = [operand] }
        switch operand {
        case .dict: mapping = operand
        case .object(let object): mapping = object.isMapping ? operand : nil
        case .list: mapping = operand
        default: mapping = nil
        }
        self.runtime = runtime
        self.escaping = escaping
    }

    private mutating func run() throws -> String {
        var output = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == "%" {
                output.append(contentsOf: try conversion().unicodeScalars)
            } else {
                output.append(scalar)
            }
        }
        if next < values.count && mapping == nil {
            throw TemplateError.type("not all arguments converted during string formatting")
        }
        return String(output)
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func conversion() throws -> String {
        var value: Value?
        if current == "(" { value = try mappedValue() }
        var spec = try FormatSpecification("", for: "")
        var isLeft = false
        var isZero = false
        while let flag = current, "-+ #0".unicodeScalars.contains(flag) {
            switch flag {
            case "-": isLeft = true
            case "0": isZero = true
            case "#": spec.isAlternate = true
            case "+": spec.sign = "+"
            default: if spec.sign != "+" { spec.sign = " " }
            }
            position += 1
        }
        if var width = try number() {
            if width < 0 {
                isLeft = true
                width = -width
            }
            spec.width = width
        }
        if current == "." {
            position += 1
            spec.precision = max(0, try number() ?? 0)
        }
        while let modifier = current, "hlL".unicodeScalars.contains(modifier) { position += 1 }
        guard let type = current else { throw TemplateError.value("incomplete format") }
        position += 1
        if type == "%" { return "%" }
        if isLeft {
            spec.align = "<"
        } else if isZero && !"srac".unicodeScalars.contains(type) {
            (spec.fill, spec.align) = ("0", "=")
        }
        return try convert(try value ?? take(), type, spec)
    }

    private mutating func mappedValue() throws -> Value {
        var nesting = 0
        let start = position + 1
        while let scalar = current {
            if scalar == "(" { nesting += 1 }
            if scalar == ")" { nesting -= 1 }
            position += 1
            if nesting == 0 { break }
        }
        guard nesting == 0 else { throw TemplateError.value("incomplete format key") }
        guard let mapping, mapping.dictValue != nil || mapping.objectValue != nil else {
            throw TemplateError.type("format requires a mapping")
        }
        let key = String(String.UnicodeScalarView(scalars[start..<(position - 1)]))
        let value = try runtime.item(of: mapping, .string(key))
        if value.isUndefined { throw TemplateError(.key, Value.string(key).pythonRepr) }
        return value
    }

    private mutating func take() throws -> Value {
        guard next < values.count else { throw TemplateError.type("not enough arguments for format string") }
        defer { next += 1 }
        return values[next]
    }

    private mutating func number() throws -> Int? {
        if current == "*" {
            position += 1
            guard let width = try take().intValue else { throw TemplateError.type("* wants int") }
            try Arithmetic.checkSize(abs(width))
            return width
        }
        var value: Int?
        while let digit = current, ("0"..."9").contains(digit) {
            value = (value ?? 0) * 10 + Int(digit.value - 48)
            try Arithmetic.checkSize(value ?? 0)
            position += 1
        }
        return value
    }

    private func convert(_ value: Value, _ type: Unicode.Scalar, _ spec: FormatSpecification) throws -> String {
        switch type {
        case "s", "r", "a":
            var text = type == "s" ? (escaping ? try Escaping.escaped(value) : try value.text()) : value.pythonRepr
            if type == "a" { text = PercentFormat.ascii(text) }
            if escaping && type != "s" { text = Escaping.escape(text) }
            if let precision = spec.precision { text = String(text.unicodeScalars.prefix(precision)) }
            return spec.pad("", text, defaultAlign: ">")
        case "c":
            if let text = value.stringValue, Text.length(text) == 1 { return spec.pad("", text, defaultAlign: ">") }
            guard let code = value.intValue, let scalar = Unicode.Scalar(UInt32(clamping: code)) else {
                throw TemplateError.type("%c requires int or char")
            }
            return spec.pad("", String(scalar), defaultAlign: ">")
        case "d", "i", "u", "x", "X", "o": return try integer(value, type, spec)
        case "e", "E", "f", "F", "g", "G":
            guard let number = Number(value) else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw TemplateError.type("must be real number, not \(value.typeName)")
            }
            var specification = spec
            specification.type = type
            return try ValueFormat.floating(number.double, specification, value)
        default:
            throw TemplateError.value(
                "unsupported format character '\(type)' (0x\(String(type.value, radix: 16))) at index \(position - 1)")
        }
    }

    private func integer(_ value: Value, _ type: Unicode.Scalar, _ spec: FormatSpecification) throws -> String {
        let number: BigInteger
        switch Number(value) {
        case .int(let value): number = BigInteger(value)
        case .big(let value): number = value
        case .double(let value):
            guard "diu".unicodeScalars.contains(type), value.isFinite else {
                throw TemplateError.type("%\(type) format: an integer is required, not float")
            }
            number = BigInteger(truncating: value)
        case nil:
            if case .undefined(let undefined) = value { throw undefined.error }
            let what = "diu".unicodeScalars.contains(type) ? "a real number" : "an integer"
            throw TemplateError.type("%\(type) format: \(what) is required, not \(value.typeName)")
        }
        let radix = type == "x" || type == "X" ? 16 : type == "o" ? 8 : 10
        var magnitude = number
        magnitude.isNegative = false
        var body = magnitude.text(radix: radix)
        if type == "X" { body = body.uppercased() }
        if let precision = spec.precision, body.utf8.count < precision {
            body = String(repeating: "0", count: precision - body.utf8.count) + body
        }
        var prefix = number.isNegative ? "-" : spec.sign == "-" ? "" : String(spec.sign)
        if spec.isAlternate && radix != 10 { prefix += "0\(type)" }
        return spec.pad(prefix, body, defaultAlign: ">")
    }

    /// Escapes everything that is not ASCII, as Python's `ascii()`.
    static func ascii(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                output.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                let (mark, width) = scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
                output += mark + String(repeating: "0", count: width - digits.utf8.count) + digits
            }
        }
        return output
    }
}

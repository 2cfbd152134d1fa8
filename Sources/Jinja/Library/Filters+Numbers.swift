extension Filters {
    /// Filters on numbers.
    static let numbers: [String: FilterBox] = [
        "abs": .init { value, _, _ in
            switch Number(value) {
            case .int(let number): return number < 0 ? (-BigInteger(number)).value : .int(number)
            case .big(let number): return number.isNegative ? (-number).value : value
            case .double(let number): return .double(abs(number))
            case nil:
                if case .object(let object) = value, let result = try object.combine(.multiply, .int(1), isLeft: true) {
                    return result
                }
                throw TemplateError.type("bad operand type for abs(): '\(value.typeName)'")
            }
        },
        "int": .init { value, arguments, _ in
            if case .undefined(let undefined) = value { throw undefined.error }
            let fallback = arguments.value(0, "default") ?? 0
            return Conversion.integer(value, base: try arguments.int(1, "base", default: 10, of: "int")) ?? fallback
        },
        "float": .init { value, arguments, _ in
            if case .undefined(let undefined) = value { throw undefined.error }
            let fallback = arguments.value(0, "default") ?? 0.0
            return Conversion.double(value).map { .double($0) } ?? fallback
        },
        "round": .init(round),
        "filesizeformat": .init { value, arguments, _ in
            guard let bytes = Conversion.double(value) else {
                throw TemplateError.value("could not convert \(value.pythonRepr) to float")
            }
            return .string(fileSize(bytes, binary: try arguments.bool(0, "binary", default: false)))
        },
        "sum": .init { value, arguments, runtime in
            let getter = AttributeGetter(arguments.value(0, "attribute"))
            var total = arguments.value(1, "start") ?? 0
            if total.isString { throw TemplateError.type("sum() can't sum strings [use ''.join(seq) instead]") }
            for item in try value.iterate() { total = try Arithmetic.apply(.add, total, try getter.get(item, runtime), runtime) }
            return total
        },
    ]

    private static let round: Filter = { value, arguments, _ in
        let precision = try arguments.int(0, "precision", default: 0, of: "round")
        let method = try arguments.optionalString(1, "method", of: "round") ?? "common"
        guard ["common", "ceil", "floor"].contains(method) else {
            throw TemplateError.filterArgument("method must be common, ceil or floor")
        }
        guard let number = Number(value) else {
            throw TemplateError.type("type \(value.typeName) doesn't define __round__ method")
        }
        if method == "common" {
            if let integer = number.big { return precision >= 0 ? integer.value : roundInteger(integer, -precision) }
            return .double(roundHalfEven(number.double, precision))
        }
        let factor = Mathematics.power(10, Double(precision))
        let scaled = number.double * factor
        return .double((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / factor)
    }

    private static func roundInteger(_ value: BigInteger, _ digits: Int) -> Value {
        guard digits < 400 else { return 0 }
        let unit = BigInteger(10).power(digits)
        let (quotient, remainder) = value.dividedFloor(by: unit)
        let twice = remainder * BigInteger(2)
        let isUp = unit < twice || (twice == unit && (quotient.magnitude.first ?? 0) & 1 == 1)
        return ((isUp ? quotient + BigInteger(1) : quotient) * unit).value
    }

    /// Python's `round`: exact, with halves to even.
    static func roundHalfEven(_ value: Double, _ precision: Int) -> Double {
        guard value.isFinite, precision < 400 else { return value }
        guard precision > -400 else { return Double(signOf: value, magnitudeOf: 0) }
        let magnitude = abs(value)
        let result: Double
        if precision >= 0 {
            result = Double(DecimalText.fixed(magnitude, precision)) ?? magnitude
        } else {
            result = Double(DecimalText.rounded(magnitude, fractionDigits: precision).digits + "e\(-precision)") ?? magnitude
        }
        return Double(signOf: value, magnitudeOf: result)
    }

    private static func fileSize(_ bytes: Double, binary: Bool) -> String {
        let base: Double = binary ? 1024 : 1000
        if bytes == 1 { return "1 Byte" }
        if bytes < base { return "\(Int(bytes)) Bytes" }
        let prefixes = ["k", "M", "G", "T", "P", "E", "Z", "Y"]
        var unit = base
        for (index, prefix) in prefixes.enumerated() {
            unit = Mathematics.power(base, Double(index + 2))
            if bytes < unit || index == prefixes.count - 1 {
                let name = binary ? prefix.uppercased() + "iB" : prefix + "B"
                return DecimalText.fixed(base * bytes / unit, 1) + " " + name
            }
        }
        return ""
    }
}

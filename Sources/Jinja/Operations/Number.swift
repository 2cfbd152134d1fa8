/// An operand of arithmetic: Python's tower of bool, int and float.
enum Number {
    case int(Int)
    case big(BigInteger)
    case double(Double)

    /// The number of a value, nil when the value is none.
    init?(_ value: Value) {
        switch value {
        case .int(let value): self = .int(value)
        case .bool(let value): self = .int(value ? 1 : 0)
        case .double(let value): self = .double(value)
        case .bigInt(let value): self = .big(value)
        default: return nil
        }
    }

    /// The number as a float.
    var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .big(let value): value.doubleValue
        case .double(let value): value
        }
    }

    /// The number as a float.
    /// - Throws: ``TemplateError`` of kind `overflow` for an integer that is larger than any float.
    func finite() throws -> Double {
        if case .big(let value) = self, value.doubleValue.isInfinite {
            throw TemplateError(.overflow, "int too large to convert to float")
        }
        return double
    }

    /// The number as a big integer, nil for a float.
    var big: BigInteger? {
        switch self {
        case .int(let value): BigInteger(value)
        case .big(let value): value
        case .double: nil
        }
    }

    /// Whether the numbers have the same value, exactly.
    func isEqual(to other: Number) -> Bool { compare(to: other) == 0 }

    /// The order, nil when one side is not a number.
    func compare(to other: Number) -> Int? {
        switch (self, other) {
        case (.int(let a), .int(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.double(let a), .double(let b)): return a < b ? -1 : a == b ? 0 : a > b ? 1 : nil
        case (.double(let a), _):
            if !a.isFinite { return a.isNaN ? nil : a < 0 ? -1 : 1 }
            guard let right = other.big else { return nil }
            return Number.order(a, right)
        case (_, .double(let b)):
            if !b.isFinite { return b.isNaN ? nil : b < 0 ? 1 : -1 }
            guard let left = big else { return nil }
            return -Number.order(b, left)
        default:
            guard let a = big, let b = other.big else { return nil }
            return a < b ? -1 : a == b ? 0 : 1
        }
    }

    private static func order(_ a: Double, _ b: BigInteger) -> Int {
        let whole = BigInteger(truncating: a)
        if whole < b { return -1 }
        if b < whole { return 1 }
        let rest = a - a.rounded(.towardZero)
        return rest < 0 ? -1 : rest > 0 ? 1 : 0
    }
}

/// Python's conversions to numbers.
enum Conversion {
    /// What the filter `int` makes of a value, nil when it is no number.
    static func integer(_ value: Value, base: Int) -> Value? {
        switch value {
        case .int, .bigInt: return value
        case .bool(let flag): return .int(flag ? 1 : 0)
        case .double(let number): return number.isFinite ? BigInteger(truncating: number).value : nil
        case .string(let text), .markup(let text):
            if let result = NumberText.integer(text, base: base) { return result }
            guard let number = NumberText.double(text), number.isFinite else { return nil }
            return BigInteger(truncating: number).value
        default: return nil
        }
    }

    /// What the filter `float` makes of a value, nil when it is no number.
    static func double(_ value: Value) -> Double? {
        if let text = value.stringValue { return NumberText.double(text) }
        return Number(value)?.double
    }
}

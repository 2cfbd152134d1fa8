/// The methods of numbers.
enum NumberMethods {
    /// The attributes that numbers have as complex numbers and fractions, nil for other names.
    static func attribute(_ name: String, _ value: Value) -> Value? {
        let number: Value = value.boolValue.map { .int($0 ? 1 : 0) } ?? value
        switch (name, number) {
        case ("real", _): return number
        case ("imag", .double): return .double(0)
        case ("imag", _): return .int(0)
        case ("numerator", .int), ("numerator", .bigInt): return number
        case ("denominator", .int), ("denominator", .bigInt): return .int(1)
        default: return nil
        }
    }

    static func call(_ method: Method, _ value: Value) -> Value? {
        switch (method, Number(value)) {
        case (.bitLength, .some(let number)): number.big.map { .int($0.bitWidth) }
        case (.bitCount, .some(let number)): number.big.map { .int($0.magnitude.reduce(0) { $0 + $1.nonzeroBitCount }) }
        case (.isInteger, .double(let number)): .bool(number.isFinite && number.rounded() == number)
        case (.conjugate, _): value
        default: nil
        }
    }
}

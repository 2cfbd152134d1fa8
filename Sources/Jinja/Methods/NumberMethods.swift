/// The methods of numbers.
enum NumberMethods {
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

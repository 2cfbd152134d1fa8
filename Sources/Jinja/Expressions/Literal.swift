/// A literal that is the same everywhere.
enum Literal: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case bigInt(BigInteger)
    case double(Double)
    case string(String)

    /// The literal as a value.
    @inline(__always) var value: Value {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .bigInt(let value): .bigInt(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        }
    }
}

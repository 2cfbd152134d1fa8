/// The arithmetic operators.
public enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"

    /// The operator as Python's messages name it.
    var described: String { self == .power ? "** or pow()" : rawValue }
}

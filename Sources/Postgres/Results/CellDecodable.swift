/// A type that a cell can be read as.
package protocol CellDecodable {
    /// Nil where the cell is null (unless the type allows that) or holds something else.
    init?(_ cell: Cell)
}

extension String: CellDecodable {
    package init?(_ cell: Cell) {
        guard let value = cell.string else { return nil }
        self = value
    }
}

extension FixedWidthInteger where Self: CellDecodable {
    package init?(_ cell: Cell) {
        guard !cell.isNull, let value = cell.withBytes({ Self(Substring(decoding: $0, as: UTF8.self)) }) else { return nil }
        self = value
    }
}

extension Int: CellDecodable {}
extension Int64: CellDecodable {}
extension Int32: CellDecodable {}
extension Int16: CellDecodable {}
extension UInt32: CellDecodable {}
extension UInt64: CellDecodable {}

extension Double: CellDecodable {
    package init?(_ cell: Cell) {
        guard let value = cell.double else { return nil }
        self = value
    }
}

extension Bool: CellDecodable {
    package init?(_ cell: Cell) {
        guard let value = cell.bool else { return nil }
        self = value
    }
}

extension [UInt8]: CellDecodable {
    package init?(_ cell: Cell) {
        guard let value = cell.bytes else { return nil }
        self = value
    }
}

extension Optional: CellDecodable where Wrapped: CellDecodable {
    package init?(_ cell: Cell) {
        if cell.isNull {
            self = .none
        } else {
            guard let value = Wrapped(cell) else { return nil }
            self = .some(value)
        }
    }
}

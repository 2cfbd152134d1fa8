import Jinja
import Postgres

/// The values of a result's cells as templates expect them.
enum CellValues {
    static func value(of cell: Cell, typeOID: UInt32) -> Value {
        guard let text = cell.string else { return .none }
        switch typeOID {
        case 16: return .bool(text == "t")
        case 20, 21, 23, 26: return Int(text).map { .int($0) } ?? .string(text)
        case 700, 701: return Double(text).map { .double($0) } ?? .string(text)
        case 1700:
            if let whole = Int(text) { return .int(whole) }
            return Double(text).map { .double($0) } ?? .string(text)
        case 1082: return DateTime(parsing: text).map { .object(DateTimeObject($0, kind: .date)) } ?? .string(text)
        case 1114, 1184: return DateTime(parsing: text).map { .object(DateTimeObject($0, kind: .datetime)) } ?? .string(text)
        default: return .string(text)
        }
    }
}

import Jinja

extension SeedTable {
    /// The rows as templates see them.
    func values() -> [[Value]] {
        let kinds = columns.map(\.kind)
        return rows().map { row in zip(row, kinds).map(Self.value) }
    }

    private static func value(_ text: String?, _ kind: SeedColumn.Kind) -> Value {
        guard let text else { return .none }
        switch kind {
        case .integer: return Int(text).map { .int($0) } ?? .string(text)
        case .float: return Double(text).map { .double($0) } ?? .string(text)
        case .date: return DateTime(parsing: text).map { .object(DateTimeObject($0, kind: .date)) } ?? .string(text)
        case .timestamp, .isoTimestamp:
            return DateTime(parsing: text).map { .object(DateTimeObject($0, kind: .datetime)) } ?? .string(text)
        case .boolean: return .bool(text == "true")
        case .text: return .string(text)
        }
    }
}

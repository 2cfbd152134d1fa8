/// The type that a seed's values have in common, by agate's rules.
enum SeedColumnType: Sendable, Hashable {
    case integer
    case number
    case date
    case dateTime
    case boolean
    case text

    /// As dbt's Postgres adapter writes it.
    var sqlName: String {
        switch self {
        case .integer: "integer"
        case .number: "float8"
        case .date: "date"
        case .dateTime: "timestamp without time zone"
        case .boolean: "boolean"
        case .text: "text"
        }
    }
}

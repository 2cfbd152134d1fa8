/// A column of a seed's table.
package struct SeedColumn: Sendable, Hashable {
    package var name: String
    /// How values are read: what `column_types` names is text until PostgreSQL reads it.
    package var kind: Kind
    /// The column's type in the table: the one of `column_types`, or the one that dbt infers.
    package var type: String
    /// The type that the streamed text is meant for. It differs from `type` only where timestamps name an offset from UTC.
    package var loadType: String

    /// What all values of a column have in common.
    package enum Kind: Sendable, Hashable {
        case integer
        case float
        case date
        /// `2024-03-31 23:59:59`
        case timestamp
        /// `2024-03-31T23:59:59`
        case isoTimestamp
        case boolean
        case text

        /// What dbt makes of it in PostgreSQL.
        package var type: String {
            switch self {
            case .integer: "integer"
            case .float: "float8"
            case .date: "date"
            case .timestamp, .isoTimestamp: "timestamp without time zone"
            case .boolean: "boolean"
            case .text: "text"
            }
        }
    }

    init(name: String, inferred: Kind, hasOffsets: Bool) {
        self.name = name
        kind = inferred
        type = inferred.type
        loadType = hasOffsets ? "timestamp with time zone" : type
    }

    init(name: String, type: String) {
        self.name = name
        kind = .text
        self.type = type
        loadType = type
    }
}

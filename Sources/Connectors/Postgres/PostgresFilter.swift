import Postgres
import Records

/// A row filter as a condition of SQL.
struct PostgresFilter {
    let stream: DiscoveredStream
    /// Stands before each column: `t.`.
    var table = ""

    func sql(_ filter: RowFilter) -> String {
        switch filter {
        case .compare(let name, let comparison, let value): compare(name, comparison, value)
        case .isNull(let name): "\(column(name)) is null"
        // What is unknown does not fit, and so its opposite does.
        case .not(let filter): "(\(sql(filter))) is not true"
        case .all(let filters): joined(filters, "and", none: "true")
        case .any(let filters): joined(filters, "or", none: "false")
        }
    }

    private func column(_ name: String) -> String { table + quoteIdentifier(name) }

    private func compare(_ name: String, _ comparison: RowFilter.Comparison, _ value: String) -> String {
        let type = stream.field(named: name)?.nativeType?.name ?? "text"
        let operation =
            switch comparison {
            case .equals: "="
            case .notEquals: "is distinct from"
            case .lessThan: "<"
            case .lessOrEqual: "<="
            case .greaterThan: ">"
            case .greaterOrEqual: ">="
            }
        return "\(column(name)) \(operation) \(quoteLiteral(value))::\(type)"
    }

    private func joined(_ filters: [RowFilter], _ word: String, none: String) -> String {
        filters.isEmpty ? none : "(\(filters.map(sql).joined(separator: " \(word) ")))"
    }
}

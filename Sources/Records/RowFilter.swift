/// Which rows of a stream are moved.
package indirect enum RowFilter: Sendable, Hashable {
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equals
        case notEquals = "not_equals"
        case lessThan = "less_than"
        case lessOrEqual = "less_or_equal"
        case greaterThan = "greater_than"
        case greaterOrEqual = "greater_or_equal"
    }

    /// The value of the source's column, compared with one that is written as the source writes its values. A null fits
    /// nothing but ``Comparison/notEquals``.
    case compare(column: String, Comparison, value: String)
    case isNull(column: String)
    case not(RowFilter)
    case all([RowFilter])
    case any([RowFilter])

    /// The columns that it looks at.
    package var columns: [String] {
        switch self {
        case .compare(let column, _, _), .isNull(let column): [column]
        case .not(let filter): filter.columns
        case .all(let filters), .any(let filters): filters.flatMap(\.columns)
        }
    }
}

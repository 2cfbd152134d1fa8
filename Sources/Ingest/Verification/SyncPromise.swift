/// What a sync mode promises of a table, and so what a verification asks for.
package enum SyncPromise: Sendable, Hashable {
    /// The table has the rows of the source, each as often.
    case sameRows
    /// The table has, for each key, the row of the source with the greatest cursor.
    case sameRowPerKey
    /// The rows of the last sync are those of the source.
    case sameRowsOfLastSync(Int)
    /// Each row of the source up to the cursor is in the table, as often as in the source. The table may have others:
    /// what was changed or deleted in the source meanwhile.
    case everyRowUpTo(field: String, cursor: String)
    /// As ``everyRowUpTo(field:cursor:)``, and for each key of these rows the table has just that one row.
    case everyKeyUpTo(field: String, cursor: String)

    /// The table may hold rows that the source does not have any more.
    var allowsOthers: Bool {
        switch self {
        case .everyRowUpTo, .everyKeyUpTo: true
        case .sameRows, .sameRowPerKey, .sameRowsOfLastSync: false
        }
    }

    /// For people, after "compared: ".
    package var sentence: String {
        switch self {
        case .sameRows: "the rows of the table are those of the source"
        case .sameRowPerKey: "the table has the latest row of each key"
        case .sameRowsOfLastSync(let number): "the rows of the last sync (\(number)) are those of the source"
        case .everyRowUpTo(let field, let cursor):
            "every row of the source up to \(field) = '\(cursor)' is in the table, once for once"
        case .everyKeyUpTo(let field, let cursor):
            "every row of the source up to \(field) = '\(cursor)' is in the table as the only one of its key"
        }
    }
}

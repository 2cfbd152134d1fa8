import Postgres
import Records

/// The values of a cursor from which a sync reads, as SQL.
struct CursorBound {
    private let value: String
    private let type: String
    private let lookBack: LookBack?

    /// - Parameter type: the cursor's type where the SQL runs.
    init(_ value: String, type: String, lookBack: LookBack?) {
        self.value = value
        self.type = type
        self.lookBack = lookBack
    }

    /// Where the last sync ended.
    var last: String { "\(quoteLiteral(value))::\(type)" }

    /// Where reading begins: there, or as far before it as the look-back says.
    var lower: String {
        switch lookBack {
        case nil: last
        case .units(let count): "(\(last) - \(count))"
        case .seconds(let seconds):
            // A date less an interval is a timestamp, which would not use the index.
            type == "date" ? "(\(last) - \((seconds + 86_399) / 86_400))" : "(\(last) - interval '\(seconds) seconds')"
        }
    }
}

import Documents

/// SQL that runs before or after something.
package struct Hook: Sendable, Hashable {
    /// Rendered only when it runs.
    package var sql: String
    /// Whether it belongs into the transaction of the main statement.
    package var transaction: Bool
    package var index: Int?

    package init(sql: String, transaction: Bool = true, index: Int? = nil) {
        self.sql = sql
        self.transaction = transaction
        self.index = index
    }

    /// A hook as projects write it: a text, a mapping, or a mapping written as JSON in a text (`before_begin()` does that).
    init(_ value: JSON) {
        switch value {
        case .object(let members):
            self.init(
                sql: members["sql"]?.string ?? "", transaction: members["transaction"]?.bool ?? true,
                index: members["index"]?.int)
        case .string(let text):
            if text.utf8.first == UInt8(ascii: "{"), let parsed = try? JSON(parsing: text), let sql = parsed["sql"]?.string {
                self.init(sql: sql, transaction: parsed["transaction"]?.bool ?? true, index: parsed["index"]?.int)
            } else {
                self.init(sql: text)
            }
        default:
            self.init(sql: value.text())
        }
    }

    var json: JSON { ["sql": .string(sql), "transaction": .bool(transaction), "index": index.map(JSON.int) ?? .null] }
}

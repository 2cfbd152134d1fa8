import Postgres
import Records

extension ColumnMapping {
    /// Whether the column is sent as it lies.
    var isPlain: Bool { cast == nil && !field.isObscured && !isAbsent }

    /// What the source sends for the column.
    /// - Parameter table: stands before the column: `t.`.
    func expression(in table: String = "") -> String {
        if isAbsent { return "null::\(type)" }
        let column = table + quoteIdentifier(field.column)
        // What is encrypted, and what the server cannot digest, leaves it as text.
        if field.encryption != nil || field.hash?.isKnownToPostgres == false { return "\(column)::text" }
        let value = field.hash.map { Self.digest(of: column, $0) } ?? column
        return cast.map { "\(value)::\($0)" } ?? value
    }

    private static func digest(of column: String, _ method: HashMethod) -> String {
        let text = "convert_to(\(column)::text, 'UTF8')"
        return method == .md5 ? "md5(\(text))" : "encode(\(method.rawValue)(\(text)), 'hex')"
    }
}

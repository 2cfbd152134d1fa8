/// Rows as CSV (RFC 4180): nulls are empty, texts that are empty are quoted.
enum CSVText {
    static func write(columns: [String], rows: [[String?]]) -> String {
        var text = columns.map(field).joined(separator: ",") + "\r\n"
        for row in rows { text += row.map { $0.map(field) ?? "" }.joined(separator: ",") + "\r\n" }
        return text
    }

    private static func field(_ value: String) -> String {
        let isPlain = !value.isEmpty && !value.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return isPlain ? value : "\"\(value.replacing("\"", with: "\"\""))\""
    }
}

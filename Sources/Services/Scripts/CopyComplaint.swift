import Postgres

/// Where a COPY failed, from the server's context: `COPY orders, line 5, column id: "x"`.
struct CopyComplaint {
    /// From 1, with the header.
    let line: Int
    /// What follows the word `column`; names may hold anything, so it can only be compared with known ones.
    private let columnAndValue: Substring?

    /// Nil if the error is not about a line of data.
    init?(_ error: PostgresError) {
        for text in (error.context ?? "").split(separator: "\n") where text.hasPrefix("COPY ") {
            guard let marker = text.firstRange(of: ", line ") else { continue }
            let rest = text[marker.upperBound...]
            let digits = rest.prefix(while: \.isNumber)
            guard let line = Int(digits) else { continue }
            self.line = line
            let column = ", column "
            columnAndValue =
                rest.dropFirst(digits.count).hasPrefix(column) ? rest.dropFirst(digits.count + column.count) : nil
            return
        }
        return nil
    }

    /// The column that is meant.
    func column(of names: [String]) -> String? {
        guard let text = columnAndValue else { return nil }
        return names.filter { text == $0 || text.hasPrefix($0 + ":") }.max { $0.count < $1.count }
    }
}

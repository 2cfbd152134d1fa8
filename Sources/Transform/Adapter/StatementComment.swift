/// A comment around statements.
struct StatementComment: Sendable, Hashable {
    var text: String
    var append: Bool

    /// The statement with the comment, laid out as dbt does.
    func added(to sql: String) -> String {
        guard !text.isEmpty else { return sql }
        // A comment must not end itself.
        let safe = text.replacing("*/", with: "*\\/")
        guard append else { return "/* \(safe) */\n\(sql.drop(while: \.isWhitespace))" }
        var body = sql[...]
        while let last = body.last, last.isWhitespace { body.removeLast() }
        if body.last == ";" { return "\(body.dropLast())\n/* \(safe) */;" }
        return "\(body)\n/* \(safe) */"
    }
}

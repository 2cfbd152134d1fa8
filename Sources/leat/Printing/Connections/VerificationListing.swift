import Diagnostics
import Ingest
import Records

/// What a comparison of source and destination found, for people.
struct VerificationListing {
    let style: Style

    /// Values of a row without a key that are shown.
    private static let shownValues = 6

    func text(of stream: StreamVerification) -> String {
        var lines = ["\(mark(stream))  \(stream.stream) -> \(stream.table): \(summary(of: stream))"]
        if stream.problem == nil { lines.append("         " + style("compared: \(stream.promise.sentence)", .dim)) }
        if !stream.missingColumns.isEmpty {
            lines.append("         the table lacks the columns \(stream.missingColumns.joined(separator: ", "))")
        }
        lines += stream.differences.map { "         " + line(of: $0) }
        let hidden = stream.differenceCount - stream.differences.count
        if hidden > 0, !stream.differences.isEmpty { lines.append("         ... and \(hidden) more") }
        return lines.joined(separator: "\n")
    }

    private func mark(_ stream: StreamVerification) -> String {
        stream.isEqual ? style("ok     ", .green) : style(stream.problem == nil ? "differs" : "failed ", .red)
    }

    private func summary(of stream: StreamVerification) -> String {
        if let problem = stream.problem { return problem }
        let rows =
            stream.sourceRows == stream.destinationRows
            ? Figures.counted(stream.sourceRows, "row")
            : "\(Figures.counted(stream.sourceRows, "row")) in the source, \(stream.destinationRows.grouped) in the table"
        var text = "\(rows), \(Figures.counted(stream.columns, "column"))"
        if stream.isSampled { text += ", a sample" }
        text += ", \(Figures.time(stream.duration))"
        if stream.differenceCount > 0 {
            text += "; \(Figures.counted(stream.differenceCount, "row")) differ\(stream.differenceCount == 1 ? "s" : "")"
            if !stream.differingColumns.isEmpty { text += " in \(stream.differingColumns.joined(separator: ", "))" }
        }
        return text
    }

    private func line(of difference: RowDifference) -> String {
        let shown = difference.identity.prefix(difference.hasKey ? difference.identity.count : Self.shownValues)
        var identity = shown.map { "\($0.column)=\(quoted($0.text))" }.joined(separator: " ")
        if shown.count < difference.identity.count { identity += " ..." }
        let kind = difference.kind.rawValue
        let padding = String(repeating: " ", count: max(0, 10 - kind.count))
        let changes = difference.changes.prefix(Self.shownValues).map { change in
            "\(change.column): \(quoted(change.source)) became \(quoted(change.destination))"
        }
        return "\(kind)\(padding) \(identity)" + (changes.isEmpty ? "" : "  " + changes.joined(separator: "; "))
    }

    /// Null and an empty text, and what long texts begin with.
    private func quoted(_ text: String?) -> String {
        guard let text else { return "null" }
        let line = text.replacing("\n", with: "\\n")
        return line.count > 40 ? "'\(line.prefix(39))…'" : "'\(line)'"
    }
}

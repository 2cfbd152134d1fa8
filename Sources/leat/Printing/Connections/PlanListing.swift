import Connectors
import Diagnostics
import Ingest
import Records

/// What a sync would do, for people.
struct PlanListing {
    private let preview: SyncPreview
    private let style: Style

    init(_ preview: SyncPreview, style: Style) {
        self.preview = preview
        self.style = style
    }

    var text: String {
        let columns = preview.streams.flatMap(\.columns)
        let changed = columns.count { $0.note != nil }
        var summary = Figures.counted(preview.streams.count, "stream") + ", " + Figures.counted(columns.count, "column") + ": "
        summary += changed == 0 ? "every value is kept as it is" : "\(columns.count - changed) kept, \(changed) changed"
        let problems = preview.streams.count { $0.problem != nil }
        if problems > 0 { summary += "; \(Figures.counted(problems, "stream")) cannot be synced" }
        return (preview.streams.map(listing) + [summary + ". Nothing was written."]).joined(separator: "\n\n")
    }

    private func listing(of stream: StreamPreview) -> String {
        let heading = style("\(stream.stream.descriptor) -> \(stream.table)", .bold)
        var lines = [heading] + PlanSentences(stream).all.map { "  " + $0 }
        if let problem = stream.problem {
            lines.append("  " + style("cannot be synced: ", .red) + "\(problem)".replacing("\n", with: "\n  "))
        }
        let rows = stream.columns.map { column in
            [column.name, column.field.typeName, column.type, fate(of: column, in: stream)]
        }
        let table = TextTable(
            columns: ["column", "in the source", "in the destination", "what becomes of it"], rows: rows, maximumWidth: 100)
        return (lines + table.lines()).joined(separator: "\n")
    }

    private func fate(of column: ColumnMapping, in stream: StreamPreview) -> String {
        var words = [column.note.map { _ in "as text: \(reason(column))" } ?? "kept"]
        if stream.forecast?.addedColumns.contains(column.name) == true { words.append("new in the table") }
        if let change = stream.forecast?.retyped.first(where: { $0.column == column.name }) {
            words.append("was \(change.from) in the table")
        }
        return words.joined(separator: ", ")
    }

    /// The part of a note in parentheses, which says why.
    private func reason(_ column: ColumnMapping) -> String {
        guard let note = column.note, let start = note.lastIndex(of: "("), note.hasSuffix(")") else { return column.note ?? "" }
        return String(note[note.index(after: start)...].dropLast())
    }
}

import Connectors
import Ingest
import Records

/// What becomes of a stream and its table, in sentences.
struct PlanSentences {
    private let stream: StreamPreview

    init(_ stream: StreamPreview) { self.stream = stream }

    var all: [String] {
        let changes = stream.changes.map { "since the last sync: \($0.sentence)" }
        guard let forecast = stream.forecast else { return [reading] + changes }
        var sentences = [reading, writing(forecast)] + changes
        if !forecast.removedColumns.isEmpty {
            let names = forecast.removedColumns.joined(separator: ", ")
            let goes = forecast.publication == .swapped || forecast.publication == .rebuilt
            sentences.append("the source no longer has \(names): \(goes ? "dropped from the table" : "kept, null in new rows")")
        }
        return sentences
    }

    private var reading: String {
        let rows = stream.stream.estimatedRows.map { " (about \(Figures.counted($0, "row")))" } ?? ""
        let from = stream.forecast?.cursor.map { "rows from \(stream.cursorField ?? "") = '\($0)' on are read" }
        let note = stream.forecast?.note.map { "; \($0)" } ?? ""
        return "\(stream.mode.rawValue): \(from ?? "all rows are read\(rows)")\(note)"
    }

    private func writing(_ forecast: WriteForecast) -> String {
        let key = stream.primaryKey.isEmpty ? "" : ", one row per \(stream.primaryKey.joined(separator: ", "))"
        return switch forecast.publication {
        case .created: "the table\(forecast.createsSchema ? " and its schema are" : " is") made\(key)"
        case .refilled: "the table's rows are replaced in one step; the table stays\(key)"
        case .swapped: "a new table takes the place of the old one in one step, with its owner, rights, comments and views\(key)"
        case .rebuilt: "the table's columns and rows are replaced in one step; \(staying(forecast))\(key)"
        case .appended: "the rows are added to the table"
        case .merged: "the rows take the place of those with the same \(stream.primaryKey.joined(separator: ", "))"
        }
    }

    private func staying(_ forecast: WriteForecast) -> String {
        forecast.attachments.isEmpty
            ? "the table stays" : "the table stays, because it has \(forecast.attachments.joined(separator: ", "))"
    }
}

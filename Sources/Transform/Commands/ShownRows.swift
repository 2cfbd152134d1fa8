package import Documents
import Jinja

/// The rows that a query gave, for showing them.
package struct ShownRows: Sendable, Hashable {
    package var columns: [String]
    package var rows: [[JSON]]

    /// One object a row: `[{"id": 1}]`.
    package var json: JSON {
        .array(rows.map { row in .object(JSON.Members(zip(columns, row).map { ($0, $1) })) })
    }

    /// The columns that hold moments and days.
    private var timeColumns: Set<Int> = []

    init(_ table: TableObject) {
        columns = table.columnNames
        rows = table.rows.map { $0.values.map(Self.json) }
        for row in table.rows {
            for (column, value) in row.values.enumerated() where value.objectValue is DateTimeObject {
                timeColumns.insert(column)
            }
        }
    }

    /// Moments as ISO 8601 has them, which is how dbt writes them to JSON.
    private static func json(_ value: Value) -> JSON {
        guard let moment = value.objectValue as? DateTimeObject, moment.kind == .datetime else { return JSON(value) }
        return .string(moment.value.isoFormat())
    }

    /// A table in Markdown's form, numbers and times on the right, as dbt prints it.
    package var text: String {
        let cells = rows.map { row in
            row.indices.map { timeColumns.contains($0) ? Self.text(row[$0]).replacing("T", with: " ") : Self.text(row[$0]) }
        }
        let isNumeric = columns.indices.map { column in
            timeColumns.contains(column)
                || (!rows.isEmpty && rows.allSatisfy { $0[column].double != nil || $0[column].isNull })
        }
        let widths = columns.indices.map { column in
            max(columns[column].count, cells.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String], header: Bool = false) -> String {
            let padded = cells.indices.map { index in
                let space = String(repeating: " ", count: widths[index] - cells[index].count)
                return isNumeric[index] ? space + cells[index] : cells[index] + space
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = "| " + widths.map { String(repeating: "-", count: $0) }.joined(separator: " | ") + " |"
        return ([line(columns, header: true), rule] + cells.map { line($0) }).joined(separator: "\n")
    }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "True" : "False"
        case .string(let text): text
        default: value.text()
        }
    }
}

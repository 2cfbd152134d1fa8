import Diagnostics
import Jinja

/// The rows that a unit test expects against those that the model gave, without regard to order.
struct UnitTestComparison {
    private let columns: [String]
    /// In both, only expected, only given.
    private let same: [[String]]
    private let missing: [[String]]
    private let surplus: [[String]]

    /// - Parameter table: the rows of both, told apart by the column `actual_or_expected`.
    init(_ table: TableObject) {
        let names = table.columnNames.map { $0.lowercased() }
        let mark = names.firstIndex(of: "actual_or_expected") ?? -1
        let indexes = names.indices.filter { $0 != mark }
        columns = indexes.map { names[$0] }
        var actual: [[String]] = []
        var expected: [[String]] = []
        for row in table.rows {
            let cells = indexes.map { row.values[$0].isNone ? "NULL" : row.values[$0].pythonString }
            if mark >= 0, row.values[mark].pythonString == "actual" { actual.append(cells) } else { expected.append(cells) }
        }
        var same: [[String]] = []
        var missing: [[String]] = []
        for row in expected.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let index = actual.firstIndex(of: row) {
                actual.remove(at: index)
                same.append(row)
            } else {
                missing.append(row)
            }
        }
        self.same = same
        self.missing = missing
        surplus = actual.sorted { $0.lexicographicallyPrecedes($1) }
    }

    var isEqual: Bool { missing.isEmpty && surplus.isEmpty }

    /// Each row with a mark before it: `---` expected and not given, `+++` given and not expected.
    var text: String {
        let rows =
            missing.map { ["---"] + $0 } + surplus.map { ["+++"] + $0 }
            + (same.isEmpty ? [] : [["..."] + columns.map { _ in "..." }])
        let table = TextTable(columns: ["@@"] + columns, rows: rows.map { $0.map { Optional($0) } }, null: "NULL")
        return "\n\nactual differs from expected:\n\n" + table.lines().joined(separator: "\n") + "\n"
    }
}

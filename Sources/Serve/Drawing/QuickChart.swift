import Project

/// A bar for each row of a small answer: the first column that is no number names it, the first number is its length.
struct QuickChart {
    private let rows: [(name: String, value: Double)]
    private let title: String

    /// nil for an answer that bars would not make clearer.
    init?(_ answer: QueryConsole.Answer) {
        guard (2...40).contains(answer.rows.count), answer.columns.count <= 6,
            let value = answer.kinds.firstIndex(of: .number), let name = answer.kinds.firstIndex(where: { $0 != .number })
        else { return nil }
        rows = answer.rows.compactMap { row in row[value].flatMap(Double.init).map { (row[name] ?? "null", $0) } }
            .filter { $0.value.isFinite }
        title = "\(answer.columns[value]) by \(answer.columns[name])"
        guard rows.count >= 2, rows.allSatisfy({ $0.value >= 0 }), rows.contains(where: { $0.value > 0 }) else { return nil }
    }

    func svg() -> String {
        let longest = rows.map(\.value).max() ?? 1
        var content = SVG.text(title, x: 10, y: 16, class: "soft")
        for (index, row) in rows.enumerated() {
            let y = 24 + Double(index) * 20
            let width = 420 * row.value / longest
            content += SVG.text(SVG.fitted(row.name, width: 190), x: 200, y: y + 13, anchor: "end")
            content += SVG.rect(x: 210, y: y + 2, width: width, height: 14, radius: 2, class: "s-running still")
            content += SVG.text(SVG.number(row.value), x: 216 + width, y: y + 13, class: "soft")
        }
        return SVG.drawing(width: 740, height: 30 + Double(rows.count) * 20, label: title, content)
    }
}

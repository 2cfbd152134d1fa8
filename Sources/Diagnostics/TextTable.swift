/// Rows as a table of text, columns aligned by the width that terminals give their characters.
package struct TextTable: Sendable {
    package private(set) var columns: [String]
    package private(set) var rows: [[String?]]
    /// Columns that hold numbers stand to the right.
    package var rightAligned: Set<Int>
    /// Longer values are cut; nil shows all.
    package var maximumWidth: Int?
    /// How a missing value is shown.
    package var null: String

    package init(
        columns: [String], rows: [[String?]], rightAligned: Set<Int> = [], maximumWidth: Int? = 40, null: String = ""
    ) {
        self.columns = columns
        self.rows = rows
        self.rightAligned = rightAligned
        self.maximumWidth = maximumWidth
        self.null = null
    }

    /// Drops columns from the right, all but the first, until a line takes at most `width` columns of a terminal.
    /// - Returns: how many columns are gone.
    package mutating func fit(into width: Int) -> Int {
        var taken = 0
        let widths = widths(of: rows.map { row in row.map { cell($0) } })
        let count = widths.indices.first { index in
            taken += widths[index] + (index > 0 ? 3 : 0)
            return taken > width && index > 0
        }
        guard let count else { return 0 }
        let hidden = columns.count - count
        columns.removeLast(hidden)
        rows = rows.map { Array($0.prefix(count)) }
        return hidden
    }

    /// The table's lines, with a header and a rule below it.
    package func lines() -> [String] {
        let shown = rows.map { row in row.map { cell($0) } }
        let widths = widths(of: shown)
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-")
        return [line(columns, widths), rule] + shown.map { line($0, widths) }
    }

    private func widths(of shown: [[String]]) -> [Int] {
        var widths = columns.map(Self.width)
        for row in shown {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], Self.width(cell))
            }
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - Self.width(cell)))
            if index > 0 { text += " | " }
            text += rightAligned.contains(index) ? padding + cell : cell + padding
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    private func cell(_ value: String?) -> String {
        guard let value else { return null }
        var text = ""
        var width = 0
        for character in value {
            let piece =
                switch character {
                case "\n", "\r\n": "\\n"
                case "\r": "\\r"
                case "\t": "\\t"
                case _ where character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }: "?"
                default: String(character)
                }
            width += Self.width(piece)
            if let maximumWidth, width > maximumWidth { return text + "…" }
            text += piece
        }
        return text
    }

    /// Columns of a terminal that `text` takes: two for East Asian wide characters.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { total, character in
            guard let scalar = character.unicodeScalars.first?.value else { return total }
            return total + (isWide(scalar) ? 2 : 1)
        }
    }

    /// The wide blocks of Unicode's EastAsianWidth.txt, as far as they are contiguous.
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

import Diagnostics
import Testing

struct TextTableTests {
    @Test("aligns columns, numbers to the right, and shows what breaks lines as escapes")
    func lines() {
        var table = TextTable(columns: ["n", "name"], rows: [["1", "a\nb"], ["20", "漢字"], [nil, "x"]], null: "-")
        table.rightAligned = [0]
        #expect(table.lines() == [" n | name", "---+-----", " 1 | a\\nb", "20 | 漢字", " - | x"])
    }

    @Test("cuts long values")
    func longValues() {
        let table = TextTable(columns: ["v"], rows: [["abcdefgh"]], maximumWidth: 5)
        #expect(table.lines().last == "abcde…")
    }

    @Test(
        "keeps the columns that fit, and the first in any case",
        arguments: [(100, 3), (15, 3), (14, 2), (9, 2), (8, 1), (1, 1)])
    func fit(width: Int, kept: Int) {
        var table = TextTable(columns: ["aaa", "bbb", "ccc"], rows: [["1", "2", "3"]])
        #expect(table.fit(into: width) == 3 - kept)
        #expect(table.columns.count == kept)
        #expect(table.rows == [Array(["1", "2", "3"].prefix(kept))])
    }
}

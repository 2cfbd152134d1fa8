import Diagnostics
import Testing

@testable import Transform

struct SeedTableTests {
    private func table(_ text: String, typed: Set<String> = []) throws -> SeedTable {
        try SeedTable(Array(text.utf8), delimiter: UInt8(ascii: ","), typedColumns: typed, file: "seeds/x.csv")
    }

    private func texts(_ table: SeedTable) -> [[String]] {
        (0..<table.rowCount).map { row in
            table.columns.indices.map { table.reader.text(table.fields[row * table.columns.count + $0]) }
        }
    }

    @Test("reads quotes, doubled quotes, line breaks in values, and both line ends")
    func quotes() throws {
        let table = try table("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n\nplain,\"\"\n")
        #expect(texts(table) == [["x, \"y\"", "two\nlines"], ["plain", ""]])
        #expect(table.lines == [2, 5])
    }

    @Test(
        "infers types as agate does",
        arguments: [
            ("1\n-2\n", SeedColumnType.integer), ("1\n\n2.5\n", .number), ("\"$1,200\"\n12%\n", .integer),
            ("1.0\n2.0\n", .integer),
            ("2024-01-31\nnull\n", .date), ("2024-02-30\n", .text), ("2024-01-31 12:30:00\n", .dateTime),
            ("2024-01-31T12:30:00Z\n", .dateTime), ("true\nFALSE\n", .boolean), ("t\nf\n", .text), ("007\n", .integer),
            ("1\nx\n", .text),
            ("null\nNULL\n", .integer), ("1e3\n", .integer), ("1-2\n", .text),
        ])
    func types(values: String, expected: SeedColumnType) throws {
        // A second column, so that an empty value is no empty line.
        let rows = values.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0 + ",x" }
        #expect(try table("v,w\n" + rows.joined(separator: "\n")).types[0] == expected)
    }

    @Test("leaves the values of columns with a given type alone")
    func typed() throws {
        #expect(try table("zip\n01234\n", typed: ["zip"]).types == [.text])
    }

    @Test("tells on which line a row is too long")
    func ragged() throws {
        let error = #expect(throws: TransformError.self) { try table("a,b\n1,2\n1,2,3\n") }
        #expect(error?.location?.description == "seeds/x.csv:3")
    }

    @Test("tells where a quote is opened and never closed")
    func unclosed() throws {
        let error = #expect(throws: TransformError.self) { try table("a\n1\n\"x\n") }
        #expect(error?.location?.line == 3)
    }
}

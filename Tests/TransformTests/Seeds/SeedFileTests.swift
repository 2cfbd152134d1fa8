import Diagnostics
import Testing

@testable import Transform

/// How a file becomes rows, checked against Python's csv module and agate.
struct SeedFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var delimiter = ","
        var names: [String]
        var rows: [[String?]]

        init(_ name: String, _ text: String, delimiter: String = ",", _ names: [String], _ rows: [[String?]]) {
            testDescription = name
            self.text = text
            self.delimiter = delimiter
            self.names = names
            self.rows = rows
        }
    }

    static let cases: [Case] = [
        Case("LF, the last line without one", "a,b\nx,y\nz,w", ["a", "b"], [["x", "y"], ["z", "w"]]),
        Case("CRLF", "a,b\r\nx,y\r\n", ["a", "b"], [["x", "y"]]),
        Case("CR", "a,b\rx,y\rz,w\r", ["a", "b"], [["x", "y"], ["z", "w"]]),
        Case("a byte order mark", "\u{FEFF}a,b\nx,y\n", ["a", "b"], [["x", "y"]]),
        Case("a byte order mark before quotes", "\u{FEFF}\"a\"\nx\n", ["a"], [["x"]]),
        Case("quotes around delimiters and quotes", "a,b\n\"x,1\",\"say \"\"hi\"\"\"\n", ["a", "b"], [["x,1", "say \"hi\""]]),
        Case("lines inside of quotes, each end as LF", "a\n\"1\n2\r\n3\r4\"\nx\n", ["a"], [["1\n2\n3\n4"], ["x"]]),
        Case("quotes inside of plain fields", "a\n5\" pipe\n", ["a"], [["5\" pipe"]]),
        Case("text after the closing quote", "a,b\n\"x\"y\"z,w\n", ["a", "b"], [["xy\"z", "w"]]),
        Case(
            "empty lines as rows of nulls", "a,b\nx,y\n\nz,w\n\n", ["a", "b"],
            [["x", "y"], [nil, nil], ["z", "w"], [nil, nil]]),
        Case("short rows filled with nulls", "a,b,c\nx\ny,z\n", ["a", "b", "c"], [["x", nil, nil], ["y", "z", nil]]),
        Case("empty fields, quoted or not", "a,b,c\n,\"\",x\n", ["a", "b", "c"], [[nil, nil, "x"]]),
        Case("a delimiter at the end", "a,b\nx,\n", ["a", "b"], [["x", nil]]),
        Case("semicolons", "a;b\nx,1;y\n", delimiter: ";", ["a", "b"], [["x,1", "y"]]),
        Case("tabs", "a\tb\nx\ty\n", delimiter: "\t", ["a", "b"], [["x", "y"]]),
        Case("a delimiter outside of ASCII", "a§b\nx¤§\"§\"\n", delimiter: "§", ["a", "b"], [["x¤", "§"]]),
        Case("names with quotes and spaces", "\"a b\", c\nx,y\n", ["a b", " c"], [["x", "y"]]),
        Case("names that repeat or are missing", "a,,a,a_2\nw,x,y,z\n", ["a", "b", "a_2", "a_2_2"], [["w", "x", "y", "z"]]),
        Case("a header alone", "a,b\n", ["a", "b"], []),
        Case("a header alone without an end", "a,b", ["a", "b"], []),
    ]

    @Test("reads files as dbt reads them", arguments: cases)
    func file(_ test: Case) throws {
        let table = try SeedTable(bytes: Array(test.text.utf8), file: "seeds/a.csv", delimiter: test.delimiter)
        #expect(table.columns.map(\.name) == test.names)
        #expect(table.rows() == test.rows)
    }

    @Test("writes COPY text with escapes, and nulls for what is missing")
    func copy() throws {
        let text = "n,t,b\n1,\"a\tb\\c\nd\",TRUE\n\n\"1,000\",null,false\n-0,\\N,\n"
        let table = try SeedTable(bytes: Array(text.utf8), file: "seeds/a.csv")
        #expect(try copied(table) == "1\ta\\tb\\\\c\\nd\ttrue\n\\N\t\\N\t\\N\n1000\t\\N\tfalse\n0\t\\\\N\t\\N\n")
    }

    @Test("hands on whole rows, and values longer than a piece")
    func pieces() throws {
        let long = String(repeating: "x", count: 200_000)
        let text = "id,v\n" + (0..<40_000).map { "\($0),value \($0)\n" }.joined() + "1,\(long)\n" + "2,\(long)\\\n3,end\n"
        let table = try SeedTable(bytes: Array(text.utf8), file: "seeds/a.csv")
        var pieces = 0
        var all: [UInt8] = []
        try table.copy { piece in
            #expect(piece.last == 0x0A)
            pieces += 1
            all += piece
        }
        #expect(pieces > 10)
        let lines = String(decoding: all, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == table.rowCount)
        #expect(lines[39_999] == "39999\tvalue 39999")
        #expect(lines[40_000] == "1\t\(long)")
        #expect(lines[40_001] == "2\t\(long)\\\\")
        #expect(lines[40_002] == "3\tend")
    }

    @Test("stops when the sink throws")
    func failingSink() throws {
        struct Full: Error {}
        let table = try SeedTable(bytes: Array("a\nx\n".utf8), file: "seeds/a.csv")
        #expect(throws: Full.self) { try table.copy { _ in throw Full() } }
    }

    @Test("warns of a quote that is never closed")
    func unclosedQuote() throws {
        let table = try SeedTable(bytes: Array("a,b\nx,\"y\nz\n".utf8), file: "seeds/a.csv")
        #expect(table.rows() == [["x", "y\nz\n"]])
        #expect(table.warnings.map(\.location) == [SourceLocation(file: "seeds/a.csv", line: 2, column: 3)])
    }

    @Test(
        "refuses what is no table, and says where",
        arguments: [
            ("", "the seed is empty", 1, 1),
            ("\n1\n", "the first line of the seed is empty", 1, 1),
            ("a,b\n1,2\n1,2,3,4\n", "the row has 4 values, but the seed has only 2 columns", 3, 5),
            ("a\n\"1\n2\",é\n", "the row has 2 values, but the seed has only 1 column", 3, 4),
            ("a,b\r\né,\u{0}\r\n", "the seed holds a NUL byte, which PostgreSQL cannot store", 2, 3),
        ])
    func refused(_ text: String, _ message: String, _ line: Int, _ column: Int) {
        let error = #expect(throws: TransformError.self) { try SeedTable(bytes: Array(text.utf8), file: "seeds/a.csv") }
        #expect(error?.kind == .seed)
        #expect(error?.message == message)
        #expect(error?.location == SourceLocation(file: "seeds/a.csv", line: line, column: column))
    }

    @Test(
        "names the byte that is not UTF-8",
        arguments: [[0xFF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
    func invalidUTF8(_ bytes: [Int]) {
        let text = Array("a,b\nabcdefghijklmnop,".utf8) + bytes.map(UInt8.init) + [0x0A]
        let error = #expect(throws: TransformError.self) { try SeedTable(bytes: text, file: "seeds/a.csv") }
        #expect(error?.location == SourceLocation(file: "seeds/a.csv", line: 2, column: 18))
        #expect(error?.message.contains("UTF-8") == true)
    }

    @Test("refuses delimiters that are no single character", arguments: ["", ",,", "\"", "\n"])
    func delimiters(_ delimiter: String) {
        #expect(throws: TransformError.self) { try SeedTable(bytes: [0x61], file: "a.csv", delimiter: delimiter) }
    }

    private func copied(_ table: SeedTable) throws -> String {
        var bytes: [UInt8] = []
        try table.copy { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

import Diagnostics
import Testing

@testable import Services

@Suite("Reading \\copy")
struct CopyCommandTests {
    struct Case: Sendable {
        let text: String
        let table: String
        var columns = ""
        let file: String
        var options = ""
    }

    @Test(
        "takes the command apart",
        arguments: [
            Case(text: "t from 'a.csv'", table: "t", file: "a.csv"),
            Case(
                text: " public.t from 'a b.csv' with (format csv, header true);", table: "public.t", file: "a b.csv",
                options: "with (format csv, header true)"),
            Case(
                text: "t (a, \"B c\") FROM 'it''s.csv' csv header", table: "t", columns: "(a, \"B c\")", file: "it's.csv",
                options: "csv header"),
            Case(
                text: "\"from\".\"to (x)\"(a) from plain.csv (format text)", table: "\"from\".\"to (x)\"", columns: "(a)",
                file: "plain.csv", options: "(format text)"),
            Case(text: "t from 'a' where x > 1", table: "t", file: "a", options: "where x > 1"),
        ])
    func takesApart(_ example: Case) throws {
        let command = try CopyCommand(example.text[...], script: "x") { SourceLocation(file: "x") }
        #expect(command.table == example.table)
        #expect(command.columnList == example.columns)
        #expect(command.file == example.file)
        #expect(command.options == example.options)
    }

    @Test("reads the format from options new and old")
    func formats() {
        #expect(DataFormat(options: "with (format csv, header)").delimiter == UInt8(ascii: ","))
        #expect(DataFormat(options: "(format 'csv', delimiter ';', quote '''')").delimiter == UInt8(ascii: ";"))
        #expect(DataFormat(options: "csv header delimiter as '|' quote '~'").quote == UInt8(ascii: "~"))
        #expect(DataFormat(options: "(format csv, delimiter E'\\t')").delimiter == UInt8(ascii: "\t"))
        #expect(DataFormat(options: "").delimiter == UInt8(ascii: "\t"))
        #expect(DataFormat(options: "(format binary)").isBinary)
    }
}

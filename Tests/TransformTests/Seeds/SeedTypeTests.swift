import Testing

@testable import Transform

/// Types and values, checked against agate 1.9 and dbt-postgres 1.11.
struct SeedTypeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var written: [String]
        var type: String
        var stored: [String?]

        init(_ name: String, _ written: [String], _ type: String, _ stored: [String?]) {
            testDescription = name
            self.written = written
            self.type = type
            self.stored = stored
        }
    }

    static let cases: [Case] = [
        Case("whole numbers", ["1", "-20", "300"], "integer", ["1", "-20", "300"]),
        Case("leading zeros are numbers too", ["007", "010"], "integer", ["007", "010"]),
        Case("decimals", ["1.5", "2", "-0.25"], "float8", ["1.5", "2", "-0.25"]),
        Case("decimals that are all zero are whole", ["1.0", "2.00"], "integer", ["1", "2"]),
        Case("exponents", ["1e3", "2E+2"], "integer", ["1000", "200"]),
        Case("negative exponents", ["1e-3", "2"], "float8", ["0.001", "2"]),
        Case("commas inside of numbers", ["1,000", "25"], "integer", ["1000", "25"]),
        Case("currency symbols", ["$5", "€3", "-£4"], "integer", ["5", "3", "-4"]),
        Case("percent signs", ["50%", "7 %"], "integer", ["50", "7"]),
        Case("plus and minus twice", ["+5", "--5"], "integer", ["5", "5"]),
        Case("minus zero", ["-0", "-0.0"], "integer", ["0", "0"]),
        Case("points at the ends", ["5.", ".5"], "float8", ["5.", ".5"]),
        Case("underscores", ["1_000"], "integer", ["1000"]),
        Case("digits of other scripts", ["١٢", "７"], "integer", ["12", "7"]),
        Case("not a number and infinity", ["nan", "1"], "integer", ["NaN", "1"]),
        Case("beyond 32 bits stays integer", ["3000000000"], "integer", ["3000000000"]),
        Case("more than 28 digits", ["123456789012345678901234567890"], "float8", ["1234567890123456789012345679e2"]),
        Case("two points are text", ["1.2.3", "1"], "text", ["1.2.3", "1"]),
        Case("hexadecimal is text", ["0x1F"], "text", ["0x1F"]),
        Case("numbers with spaces around", [" 8 ", "9"], "integer", ["8", "9"]),
        Case("only nulls are integer", ["", "null"], "integer", [nil, nil]),
        Case("nulls among numbers", ["1", "NULL", "", " "], "integer", ["1", nil, nil, nil]),
        Case("dates", ["2024-01-31", "2024-2-29"], "date", ["2024-01-31", "2024-02-29"]),
        Case("no such day is text", ["2023-02-29"], "text", ["2023-02-29"]),
        Case("short years are text", ["24-01-01"], "text", ["24-01-01"]),
        Case("dates and numbers are text", ["2024-01-31", "1"], "text", ["2024-01-31", "1"]),
        Case(
            "timestamps", ["2024-01-31 10:11:12", "2024-1-2 3:4:5"], "timestamp without time zone",
            ["2024-01-31 10:11:12", "2024-01-02 03:04:05"]),
        Case("fractions of seconds with a space are text", ["2024-01-31 10:11:12.5"], "text", ["2024-01-31 10:11:12.5"]),
        Case(
            "dates and timestamps are text", ["2024-01-31", "2024-01-31 10:11:12"], "text", ["2024-01-31", "2024-01-31 10:11:12"]),
        Case(
            "ISO timestamps", ["2024-01-31T10:11:12", "2024-01-31T10:11:12.123456789"], "timestamp without time zone",
            ["2024-01-31T10:11:12", "2024-01-31 10:11:12.123456"]),
        Case(
            "ISO timestamps with offsets", ["2024-01-31T10:11:12Z", "2024-01-31T10:11:12+02:00", "2024-01-31T10:11-0530"],
            "timestamp without time zone",
            ["2024-01-31 10:11:12+00:00", "2024-01-31 10:11:12+02:00", "2024-01-31 10:11:00-05:30"]),
        Case(
            "ISO weeks, days of the year and basic form", ["2020-W53-7T00", "2024-060T12:30", "20240131T101112"],
            "timestamp without time zone", ["2021-01-03 00:00:00", "2024-02-29 12:30:00", "2024-01-31 10:11:12"]),
        Case(
            "fractions of hours and minutes", ["2024-01-31T10.5", "2024-01-31T10:30,25"], "timestamp without time zone",
            ["2024-01-31 10:30:00", "2024-01-31 10:30:15"]),
        Case(
            "both kinds of timestamps are text", ["2024-01-31T10:11:12", "2024-01-31 10:11:12"], "text",
            ["2024-01-31T10:11:12", "2024-01-31 10:11:12"]),
        Case("hour 24 is text", ["2024-01-31T24:00:00"], "text", ["2024-01-31T24:00:00"]),
        Case("booleans", ["true", "FALSE", " True "], "boolean", ["true", "false", "true"]),
        Case("booleans with commas", ["t,rue", ","], "boolean", ["true", nil]),
        Case("yes and no are text", ["yes", "no"], "text", ["yes", "no"]),
        Case("booleans and numbers are text", ["true", "1"], "text", ["true", "1"]),
        Case("text keeps its white space", ["  a ", "b"], "text", ["  a ", "b"]),
        Case("null as text is null", ["a", "null", " NULL ", ""], "text", ["a", nil, nil, nil]),
        Case(
            "text with quotes, lines and backslashes", ["say \"hi\"", "two\nlines", "a\\b\tc"], "text",
            ["say \"hi\"", "two\nlines", "a\\b\tc"]),
    ]

    @Test("finds the type that dbt finds, and gives PostgreSQL the same values", arguments: cases)
    func type(_ test: Case) throws {
        let lines = test.written.map { "\"\($0.replacing("\"", with: "\"\""))\"\n" }
        let table = try SeedTable(bytes: Array("c\n\(lines.joined())".utf8), file: "seeds/c.csv")
        #expect(table.columns.map(\.type) == [test.type])
        #expect(table.rows() == test.stored.map { [$0] })
        #expect(table.rowCount == test.written.count)
    }

    @Test("leaves columns of column_types to PostgreSQL, nulls aside")
    func columnTypes() throws {
        let text = "id,code,day\n1,007,2024-1-2\n2, null ,\n"
        let table = try SeedTable(
            bytes: Array(text.utf8), file: "seeds/codes.csv", name: "codes",
            columnTypes: ["code": "varchar(3)", "day": "date", "nosuch": "text", "Code": "text"])
        #expect(table.columns.map(\.type) == ["integer", "varchar(3)", "date"])
        #expect(table.rows() == [["1", "007", "2024-1-2"], ["2", nil, nil]])
        #expect(
            table.warnings.map(\.message) == [
                "Column types specified for non-existent columns in seed 'codes' (file: seeds/codes.csv): Code, nosuch. "
                    + "These column type overrides will be ignored."
            ])
    }

    @Test("asks for staging where timestamps name an offset, and only there")
    func staging() throws {
        let text = "a,b\n2024-01-31T10:11:12Z,2024-01-31T10:11:12\n"
        let table = try SeedTable(bytes: Array(text.utf8), file: "a.csv")
        #expect(table.columns.map(\.type) == ["timestamp without time zone", "timestamp without time zone"])
        #expect(table.columns.map(\.loadType) == ["timestamp with time zone", "timestamp without time zone"])
        #expect(table.needsStaging)
    }

    @Test("has integers in place of floats when emptied")
    func emptied() throws {
        let table = try SeedTable(bytes: Array("a,b\n1.5,x\n".utf8), file: "a.csv").emptied()
        #expect(table.columns.map(\.type) == ["integer", "text"])
        #expect(table.rows().isEmpty)
        try table.copy { _ in Issue.record("no row to copy") }
    }
}

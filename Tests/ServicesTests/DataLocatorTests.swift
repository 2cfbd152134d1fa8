import Testing

@testable import Services

@Suite("Finding the place in a data file")
struct DataLocatorTests {
    private func find(_ text: String, line: Int, field: Int?, options: String = "csv") -> DataLocator.Place? {
        Array(text.utf8).withUnsafeBytes {
            DataLocator(format: DataFormat(options: options)).find(line: line, field: field, in: $0)
        }
    }

    @Test("names line, column and value")
    func plain() {
        #expect(find("id,name\n1,Ada\nx,Bob\n", line: 3, field: 0) == .init(line: 3, column: 1, value: "x"))
        #expect(find("id,name\n1,Ada\nx,Bob", line: 3, field: 1) == .init(line: 3, column: 3, value: "Bob"))
        #expect(find("a,é\n", line: 1, field: 1) == .init(line: 1, column: 3, value: "é"))
        #expect(find("é,x\n", line: 1, field: 1) == .init(line: 1, column: 3, value: "x"))
    }

    @Test("counts line breaks in quotes, where the server names the last line of a record")
    func quoted() {
        let text = "id,note,n\n1,\"two\nlines\",5\n2,\"a \"\"b\"\"\",x\n"
        #expect(find(text, line: 3, field: 0) == .init(line: 2, column: 1, value: "1"))
        #expect(find(text, line: 3, field: 1) == .init(line: 2, column: 3, value: "two\nlines"))
        #expect(find(text, line: 3, field: 2) == .init(line: 3, column: 8, value: "5"))
        #expect(find(text, line: 4, field: 1) == .init(line: 4, column: 3, value: "a \"b\""))
        #expect(find(text, line: 4, field: 2) == .init(line: 4, column: 13, value: "x"))
    }

    @Test("knows Windows line ends, other separators and escapes")
    func variants() {
        #expect(find("a,b\r\n1,\"x\r\ny\",z\r\n3,4,5\r\n", line: 3, field: 2) == .init(line: 3, column: 4, value: "z"))
        #expect(find("a;b\n1;x\n", line: 2, field: 1, options: "csv delimiter ';'") == .init(line: 2, column: 3, value: "x"))
        #expect(find("'a\\'b',c\n", line: 1, field: 1, options: "csv quote '''' escape '\\'")?.value != nil)
        #expect(find("1\ta\\\tb\tc\n", line: 1, field: 2, options: "") == .init(line: 1, column: 8, value: "c"))
    }

    @Test("names the end of a record that is too short, and the record as a whole")
    func records() {
        #expect(find("a,b\n1\n", line: 2, field: .max) == .init(line: 2, column: 2, value: nil))
        #expect(find("a,b\n1,2\n", line: 2, field: nil) == .init(line: 2, column: 1, value: nil))
        #expect(find("a,b\n1,2\n", line: 9, field: 0) == nil || find("a,b\n1,2\n", line: 9, field: 0)?.line == 2)
    }
}

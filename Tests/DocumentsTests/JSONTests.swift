import Diagnostics
import Testing

@testable import Documents

@Suite("JSON")
struct JSONTests {
    @Test(
        "what is read is written the same",
        arguments: [
            #"{"b":1,"a":[true,false,null,"x"],"c":{"d":-1.5}}"#, "[]", "{}", #""""#, #""a\n\"\\\u0001é日本""#, "0", "1e+300",
        ])
    func roundTrip(text: String) throws {
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test("escapes are read, also pairs of surrogates")
    func escapes() throws {
        #expect(try JSON(parsing: #""\u00e9\ud83d\ude00\/""#).string == "é😀/")
    }

    @Test(
        "bad JSON is an error with line and column",
        arguments: ["", "{", "[1,", #"{"a" 1}"#, "tru", "\"abc", "1 2", "[1,]", "nan", #""\x""#, "{1:2}"])
    func errors(text: String) {
        let error = #expect(throws: DocumentError.self) { try JSON(parsing: text) }
        #expect(error?.location?.line == 1)
    }

    @Test("deep nesting is refused instead of overflowing the stack")
    func deep() {
        #expect(throws: DocumentError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
    }

    @Test("numbers that JSON cannot hold become null")
    func notANumber() {
        #expect(JSON.double(.nan).text() == "null")
        #expect(JSON.double(.infinity).text() == "null")
    }

    @Test("whole floats are integers where one is asked for")
    func wholeFloats() throws {
        #expect(try JSON(parsing: "20.0").int == 20)
        #expect(try JSON(parsing: "20.5").int == nil)
    }

    @Test("indented output has one member a line")
    func indented() {
        #expect((["a": 1, "b": [1, 2]] as JSON).text(indent: 2) == "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ]\n}")
    }
}

import Diagnostics
import Testing

@testable import Documents

@Suite("YAML with places")
struct YAMLDocumentTests {
    @Test("reads scalars as YAML 1.1 does")
    func scalars() throws {
        let root = try #require(
            try YAMLDocument.parse(
                "a: 1\nb: yes\nc: '1'\nd: 1.5\ne: ~\nf: 2024-01-01\ng: text\n", file: "x.yml"))
        #expect(root["a"]?.int == 1)
        #expect(root["b"]?.bool == true)
        #expect(root["c"]?.string == "1")
        #expect(root.json["d"]?.double == 1.5)
        #expect(root["e"]?.isNull == true)
        #expect(root["f"]?.string == "2024-01-01")
        #expect(root["g"]?.string == "text")
    }

    @Test("remembers line and column of keys and values")
    func places() throws {
        let root = try #require(try YAMLDocument.parse("top:\n  inner: [1, 2]\n", file: "x.yml"))
        let inner = try #require(root["top"]?.members?.first)
        #expect(inner.keyLocation.description == "x.yml:2:3")
        #expect(inner.value.location.line == 2)
    }

    @Test("merges << and lets own keys win")
    func merges() throws {
        let text = "base: &b {x: 1, y: 2}\nchild:\n  <<: *b\n  y: 3\n"
        let child = try #require(try YAMLDocument.parse(text, file: "x.yml")?["child"])
        #expect(child["x"]?.int == 1)
        #expect(child["y"]?.int == 3)
    }

    @Test("an empty file is nothing", arguments: ["", "\n", "# only a comment\n"])
    func empty(text: String) throws {
        #expect(try YAMLDocument.parse(text, file: "x.yml") == nil)
    }

    @Test("bad YAML is an error with a place", arguments: ["a: [1, 2", "a: b: c", "\ta: 1", "a: 1\na: 2", "a: *nope"])
    func syntaxErrors(text: String) {
        let error = #expect(throws: DocumentError.self) { try YAMLDocument.parse(text, file: "x.yml") }
        #expect(error?.location?.line != nil, "\(String(describing: error))")
    }

    @Test("a bomb of aliases is refused, not expanded")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(throws: DocumentError.self) { try YAMLDocument.parse(text, file: "x.yml") }
    }
}

@Suite("Reading the keys of a mapping")
struct YAMLMappingTests {
    private func mapping(_ text: String) throws -> YAMLMapping {
        try YAMLMapping(try #require(try YAMLDocument.parse(text, file: "leat.yml")), of: "the service")
    }

    @Test("an unknown key is an error with a suggestion")
    func unknownKey() throws {
        var keys = try mapping("port: 1\npasword: x\n")
        _ = try keys.int("port")
        _ = try keys.string("password")
        let error = #expect(throws: DocumentError.self) { try keys.finish() }
        #expect(error?.location?.description == "leat.yml:2:1")
        #expect(error?.hint == "did you mean 'password'?")
    }

    @Test("quoted numbers are numbers, since templates leave text")
    func quotedNumbers() throws {
        var keys = try mapping("port: '5460'\nonce: 'true'\n")
        #expect(try keys.int("port") == 5460)
        #expect(try keys.bool("once") == true)
    }

    @Test("a wrong type says what it wanted and what it found")
    func wrongType() throws {
        var keys = try mapping("port: [1]\n")
        let error = #expect(throws: DocumentError.self) { try keys.int("port") }
        #expect(error?.message == "'port' must be an integer, but this is a list")
    }

    @Test("a missing key is named")
    func missing() throws {
        var keys = try mapping("port: 1\n")
        let error = #expect(throws: DocumentError.self) { try keys.required("database") }
        #expect(error?.message == "the service needs the key 'database'")
    }
}

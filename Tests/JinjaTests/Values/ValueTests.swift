import Jinja
import Testing

@Suite("Values")
struct ValueTests {
    @Test("print as in Python")
    func text() {
        #expect(Value(["a": 1, "b": ["x", 1.0, true]]).pythonRepr == "{'a': 1, 'b': ['x', 1.0, True]}")
        #expect(Value.none.pythonString == "None")
        #expect(Value.string("it's").pythonRepr == "\"it's\"")
        #expect(Value.double(1e16).pythonString == "1e+16")
        #expect(Value.tuple(Tuple([1])).pythonRepr == "(1,)")
    }

    @Test("compare and hash as in Python")
    func equality() {
        #expect(Value.int(1) == Value.double(1))
        #expect(Value.bool(true) == Value.int(1))
        #expect(Set<Value>([1, 1.0, true]).count == 1)
        #expect(Value.string("\u{E9}") != Value.string("e\u{301}"))
        #expect(Value.int(1 << 53 + 1) != Value.double(0x1p53))
    }

    @Test("share lists and dicts by reference")
    func references() throws {
        let list = List([1])
        let template = try Template(source: "{% do l.append(2) %}{% do d.update(a=1) %}", environment: Environment())
        let dict = Dict()
        _ = try template.render(["l": .list(list), "d": .dict(dict)])
        #expect(list.items == [1, 2])
        #expect(dict["a"] == 1)
    }

    @Test("are read from Python literals")
    func literals() {
        #expect(
            PythonLiteral.parse("{'a': [1, -2.5, None], 'b': (True,)}") == ["a": [1, -2.5, .none], "b": .tuple(Tuple([true]))])
        #expect(PythonLiteral.parse("1 + 1") == nil)
        #expect(PythonLiteral.parse("name") == nil)
        #expect(PythonLiteral.parse("[1") == nil)
    }

    @Test("bind arguments by position and name")
    func arguments() throws {
        let arguments = Arguments([1], named: [("b", 2)])
        #expect(arguments.value(0, "a") == 1)
        #expect(arguments.value(1, "b") == 2)
        #expect(arguments.value(2, "c") == nil)
        #expect(throws: TemplateError.self) { try arguments.check("a", of: "f") }
        #expect(throws: TemplateError.self) { try arguments.required(2, "c", of: "f") }
        try arguments.check("a", "b", of: "f")
    }
}

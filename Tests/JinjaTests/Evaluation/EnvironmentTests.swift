import Jinja
import Testing

@Suite("Environment")
struct EnvironmentTests {
    @Test("uses the host's globals, filters and tests")
    func extends() throws {
        var environment = Environment()
        environment.globals["greet"] = .function("greet") { arguments, _ in
            try arguments.check("name", of: "greet")
            return .string("Hello " + (try arguments.string(0, "name", of: "greet")))
        }
        environment.filters["shout"] = { value, _, _ in .string(try value.text().uppercased() + "!") }
        environment.tests["short"] = { value, _, _ in try value.length() < 4 }
        let template = try Template(
            source: "{{ greet(name='you') | shout }} {{ 'abc' is short }} {{ x }}", environment: environment)
        #expect(try template.render(["x": 5]) == "HELLO YOU! True 5")
    }

    @Test("asks the host's globals before the environment's")
    func prefersRuntimeGlobals() throws {
        var environment = Environment()
        environment.globals["x"] = Global { "environment" }
        let template = try Template(source: "{{ x }}", environment: environment)
        #expect(try template.render() == "environment")
        #expect(try template.render(["x": "host"]) == "host")
    }

    @Test("asks the host's globals once for a name that a template or a call of a macro only reads")
    func asksOnce() throws {
        final class Counting: Globals {
            private(set) var asked: [String] = []

            func value(named name: String) throws -> Value? {
                asked.append(name)
                return name == "x" ? 1 : nil
            }
        }
        let source =
            "{% macro m() %}{{ x }}{% endmacro %}{% for i in [1, 2] %}{% for j in 'ab' %}{{ x }}{{ y }}{% endfor %}{{ m() }}{% endfor %}"
        let globals = Counting()
        #expect(try Template(source: source, environment: Environment()).render(globals) == "111111")
        #expect(globals.asked == ["x", "y", "x", "x"])
    }

    @Test("gives templates objects with attributes, methods and items")
    func objects() throws {
        final class Relation: Object {
            override var typeName: String { "Relation" }
            override var description: String { "\"db\".\"t\"" }
            override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
                switch name {
                case "name": "t"
                case "render": .function("render") { _, _ in "rendered" }
                default: nil
                }
            }
            override func item(_ key: Value, _ runtime: Runtime) throws -> Value? { key == 0 ? "first" : nil }
        }
        let template = try Template(
            source: "{{ r }} {{ r.name }} {{ r.render() }} {{ r[0] }} {{ r.nope is defined }} {{ [r] }}",
            environment: Environment())
        let text = try template.render(["r": .object(Relation())])
        #expect(text == "\"db\".\"t\" t rendered first False [<Relation>]")
    }

    @Test("lets the host say what undefined means")
    func customUndefined() throws {
        final class Silent: Undefined {
            override func attribute(_ name: String) throws -> Value { .undefined(self) }
            override func item(_ key: Value) throws -> Value { .undefined(self) }
            override func call(_ arguments: Arguments) throws -> Value { .undefined(self) }
        }
        var environment = Environment()
        environment.makeUndefined = { Silent($0) }
        let template = try Template(source: "[{{ a.b(1)['c'].d() }}]{{ a.b is defined }}", environment: environment)
        #expect(try template.render() == "[]False")
    }

    @Test("keeps the type of native output")
    func native() throws {
        let environment = Environment()
        let runtime = Runtime(environment: environment, globals: ["l": [1, 2]])
        #expect(try runtime.renderNative(Template(source: "{{ l }}", environment: environment)) == [1, 2])
        #expect(try runtime.renderNative(Template(source: "{{ l[0] }}{{ l[1] }}", environment: environment)) == 12)
        #expect(try runtime.renderParts(Template(source: "a{{ l }}b", environment: environment)) == ["a", [1, 2], "b"])
    }
}

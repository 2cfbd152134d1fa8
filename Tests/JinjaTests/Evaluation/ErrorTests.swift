import Jinja
import Testing

@Suite("Errors")
struct ErrorTests {
    private func failure(_ source: String, _ environment: Environment = Environment(), _ globals: [String: Value] = [:])
        -> TemplateError?
    {
        do {
            _ = try Template(source: source, name: "model.sql", environment: environment).render(globals)
            return nil
        } catch {
            return error as? TemplateError
        }
    }

    @Test("point at the place with line, column and source line")
    func place() throws {
        let error = try #require(failure("line one\n  {{ 1 + foo.bar }}"))
        #expect(error.kind == .undefined)
        #expect(error.message == "'foo' is undefined")
        #expect(error.templateName == "model.sql")
        #expect(error.line == 2)
        #expect(error.column == 14)
        #expect(error.sourceLine == "  {{ 1 + foo.bar }}")
        #expect(error.description.hasSuffix("    " + String(repeating: " ", count: 13) + "^"))
    }

    @Test("name the macro calls that led there")
    func chain() throws {
        let error = try #require(
            failure("{% macro a() %}{{ b() }}{% endmacro %}\n{% macro b() %}{{ 1 / 0 }}{% endmacro %}\n\n{{ a() }}"))
        #expect(error.kind == .zeroDivision)
        #expect(error.line == 2)
        #expect(error.macroChain == ["b (model.sql:1)", "a (model.sql:4)"])
    }

    @Test("say what was expected")
    func syntax() throws {
        #expect(failure("{{ foo(1 }}")?.message == "unexpected '}', expected ')'")
        #expect(failure("{% if x %}")?.message.contains("looking for the following tags: 'elif' or 'else' or 'endif'") == true)
        #expect(failure("{% for x on y %}{% endfor %}")?.message == "expected token 'in', got 'on'")
        #expect(failure("{{ 1 | nope }}")?.message == "No filter named 'nope'.")
        #expect(failure("{{ 'x' | nope(")?.line == 1)
    }

    @Test("keep the error of a host function")
    func underlying() throws {
        struct HostError: Error, TemplateErrorConvertible {
            var templateMessage: String { "relation \"x\" does not exist" }
        }
        var environment = Environment()
        environment.globals["query"] = .function("query") { _, _ in throw HostError() }
        let error = try #require(failure("\n{{ query() }}", environment))
        #expect(error.kind == .host)
        #expect(error.message == "relation \"x\" does not exist")
        #expect(error.line == 2)
        #expect(error.underlying is HostError)
    }

    @Test("name the parent template they come from")
    func parents() throws {
        var environment = Environment()
        environment.loader = DictionaryLoader(["base": "a\n{% block x %}{% endblock %}\n{{ none.y.z }}"])
        let error = try #require(failure("{% extends 'base' %}", environment))
        #expect(error.templateName == "base")
        #expect(error.line == 3)
    }
}

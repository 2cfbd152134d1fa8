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

    @Test("tell of endless recursion in a few lines")
    func longChain() throws {
        let own = try #require(failure("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"))
        #expect(own.macroChain.count > 400)
        #expect(own.description.contains("\n  called by a (model.sql:1), \(own.macroChain.count) times"))
        let mutual = try #require(
            failure("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}\n{{ a() }}"))
        #expect(mutual.description.contains(" more\n"))
        #expect(mutual.description.hasSuffix("called by a (model.sql:2)"))
        #expect(mutual.description.split(separator: "\n").count < 50)
    }

    @Test("say what was expected")
    func syntax() throws {
        #expect(failure("{{ foo(1 }}")?.message == "unexpected '}', expected ')'")
        #expect(failure("{% if x %}")?.message.contains("looking for the following tags: 'elif' or 'else' or 'endif'") == true)
        #expect(failure("{% for x on y %}{% endfor %}")?.message == "expected token 'in', got 'on'")
        #expect(failure("{{ 1 | nope }}")?.message == "No filter named 'nope'.")
        #expect(failure("{{ 'x' | nope(")?.line == 1)
    }

    @Test(
        "name what was expected, at the place where it is missing",
        arguments: [
            ("{{ 1 + }}", "expected an expression", 8), ("{{ }}", "Expected an expression", 4), ("{{ [1, 2", "expected ','", 9),
            ("{% set %}", "Expected an expression", 8), ("{% for i %}{% endfor %}", "expected token 'in'", 10),
            ("{% import 'a' %}", "expected token 'as'", 15), ("{% from 'a' %}", "expected token 'import'", 13),
            ("{{ 'a }}", "expected the end of the string", 4), ("x{# a", "expected the end of the comment", 2),
            ("{% raw %}x", "expected 'endraw'", 1), ("{% call m %}{% endcall %}", "expected a call", 4),
            ("{{ a b }}", "expected token 'end of print statement'", 6), ("{% macro (a) %}", "expected token 'name'", 10),
            ("{{ f(a=1, 2) }}", "expected positional arguments", 5), ("{% block %}", "expected token 'name'", 10),
            ("{% if x %}{% endfor %}", "'elif' or 'else' or 'endif'", 14), ("{{ a. }}", "expected name or number", 7),
        ])
    func expectations(source: String, text: String, column: Int) throws {
        let error = try #require(failure(source))
        #expect(error.kind == .syntax)
        #expect(error.message.contains(text), "\(error.message)")
        #expect(error.line == 1 && error.column == column, "\(error)")
        #expect(error.description.hasSuffix("\n    \(source)\n    \(String(repeating: " ", count: column - 1))^"))
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

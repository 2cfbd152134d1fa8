import Jinja
import Testing

@Suite("Macros of the host")
struct MacroTests {
    /// Globals that look names up in bound macros, as a dbt project does.
    final class Project: Globals {
        var values: [String: Value] = [:]
        func value(named name: String) throws -> Value? { values[name] }
    }

    private func environment() -> Environment {
        var environment = Environment()
        environment.resolvesMacrosThroughGlobals = true
        environment.globals["return"] = .function("return") { arguments, runtime in
            throw runtime.macroReturn(arguments.value(0, "data") ?? .none)
        }
        environment.tags["test"] = { parser in
            let name = try parser.expectName()
            let signature = try parser.parseSignature()
            return .macro(name: "test_" + name, signature, try parser.parseBody(until: "endtest"))
        }
        environment.tags["materialization"] = { parser in
            let name = try parser.expectName()
            var adapter = "default"
            while try parser.skip(",") {
                let key = try parser.expectName()
                try parser.expect("=")
                let value = try parser.parseLiteral()
                if key == "adapter" { adapter = value.pythonString }
            }
            let body = try parser.parseBody(until: "endmaterialization")
            return .macro(name: "materialization_\(name)_\(adapter)", .empty, body, metadata: ["adapter": adapter])
        }
        return environment
    }

    private func project(_ files: [String], _ environment: Environment) throws -> (Project, Runtime) {
        let project = Project()
        let runtime = Runtime(environment: environment, globals: project)
        for (index, file) in files.enumerated() {
            let template = try Template(source: file, name: "macros/\(index).sql", environment: environment)
            for macro in template.macros { project.values[macro.name] = try runtime.bind(macro) }
        }
        return (project, runtime)
    }

    @Test("call each other across files")
    func callsAcrossFiles() throws {
        let environment = environment()
        let (project, runtime) = try project(
            [
                "{% macro outer(x) %}[{{ inner(x, b=2) }}]{% endmacro %}",
                "{% macro inner(a, b=1) %}{{ a }}-{{ b }}-{{ setting }}{% endmacro %}",
            ], environment)
        project.values["setting"] = "s"
        let outer = try #require(try project.value(named: "outer"))
        #expect(try runtime.call(outer, Arguments([1])) == "[1-2-s]")
        let template = try Template(source: "{{ outer(5) }}", environment: environment)
        #expect(try runtime.render(template) == "[5-2-s]")
    }

    @Test("return values instead of text")
    func returns() throws {
        let environment = environment()
        let (_, runtime) = try project(
            [
                "{% macro pick(l) %}ignored{% for x in l %}{% if x > 1 %}{{ return(x) }}{% endif %}{% endfor %}{% endmacro %}",
                "{% macro nested() %}{% set r = pick([1, 2, 3]) %}{% do return({'r': r + 1}) %}{% endmacro %}",
                "{% macro block() %}{{ caller() }}{% endmacro %}",
                "{% macro from_caller() %}{% call block() %}{% do return('from caller') %}{% endcall %}x{% endmacro %}",
            ], environment)
        let template = try Template(
            source: "{{ pick([1, 2]) + 1 }} {{ nested().r }} {{ pick([]) }} {{ from_caller() }}", environment: environment)
        #expect(try runtime.render(template) == "3 3 ignored from callerx")
    }

    @Test("cannot return outside of a macro")
    func returnsOnlyInside() throws {
        let environment = environment()
        let template = try Template(source: "{{ return(1) }}", environment: environment)
        #expect(throws: TemplateError.self) { try Runtime(environment: environment).render(template) }
    }

    @Test("come from tags of the host, with their source")
    func tags() throws {
        let environment = environment()
        let source = """
            {% test not_null(model, column='id') -%}
              select {{ column }} from {{ model }}
            {%- endtest %}
            {% materialization table, adapter='postgres' %}body{% endmaterialization %}
            {% if true %}{% macro plain(a, b = [1]) %}{% endmacro %}{% endif %}
            """
        let template = try Template(source: source, name: "m.sql", environment: environment)
        #expect(template.macros.map(\.name) == ["test_not_null", "materialization_table_postgres", "plain"])
        let test = template.macros[0]
        #expect(test.tag == "test")
        #expect(test.line == 1)
        #expect(test.source.hasPrefix("{% test not_null"))
        #expect(test.source.hasSuffix("{%- endtest %}"))
        #expect(test.bodySource == "\n  select {{ column }} from {{ model }}\n")
        #expect(test.parameters.map(\.name) == ["model", "column"])
        #expect(test.parameters.map(\.defaultSource) == [nil, "'id'"])
        #expect(template.macros[1].metadata == ["adapter": "postgres"])
        #expect(template.macros[1].bodySource == "body")
        #expect(template.macros[2].parameters.last?.defaultSource == "[1]")
        let runtime = Runtime(environment: environment)
        let bound = try runtime.bind(test)
        #expect(try runtime.call(bound, Arguments(["t"])) == "select id from t")
    }

    @Test("see the variables set at the top of their file")
    func topLevelVariables() throws {
        let environment = environment()
        let (_, runtime) = try project(["{% set prefix = 'p_' %}{% macro name(x) %}{{ prefix ~ x }}{% endmacro %}"], environment)
        #expect(try runtime.render(Template(source: "{{ name('a') }}", environment: environment)) == "p_a")
    }

    @Test("are known to the host while they run")
    func running() throws {
        var environment = environment()
        environment.globals["who"] = .function("who") { _, runtime in
            Value(runtime.runningMacros.map { "\($0.name)@\($0.templateName ?? "")" })
        }
        let (_, runtime) = try project(
            ["{% macro a() %}{{ b() }}{% endmacro %}", "{% macro b() %}{{ who() }}{% endmacro %}"], environment)
        #expect(
            try runtime.render(Template(source: "{{ a() }}", environment: environment)) == "['a@macros/0.sql', 'b@macros/1.sql']")
    }
}

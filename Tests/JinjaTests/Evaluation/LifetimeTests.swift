import Jinja
import Testing

@Suite("Memory of renders")
struct LifetimeTests {
    /// Something a template gets hold of; whoever made it sees whether it is still there.
    final class Probe: Object {
        override var typeName: String { "probe" }
    }

    private static let templates = [
        "{% set x = probe() %}{{ x is defined }}",
        "{% set x = probe() %}{% macro m() %}{{ x is defined }}{% endmacro %}{{ m() }}",
        "{% set x = probe() %}{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ x is defined }}{% endcall %}",
        "{% macro m(x) %}{% macro n() %}{{ x is defined }}{% endmacro %}{{ n() }}{% endmacro %}{{ m(probe()) }}",
        "{% block a %}{% set x = probe() %}{{ x is defined }}{{ self is defined and '' }}{% endblock %}",
        "{% extends 'base' %}{% set x = probe() %}{% block body %}{{ x is defined }}{% endblock %}",
        "{% set x = probe() %}{% include 'part' %}",
        "{% import 'library' as l with context %}{{ l.shown() }}",
        "{% from 'library' import shown %}{{ shown() }}",
    ]

    @Test("what a template has stored is freed with the runtime", arguments: templates)
    func frees(_ source: String) throws {
        weak var seen: Probe?
        var environment = Environment()
        environment.loader = DictionaryLoader([
            "base": "{% block body %}{% endblock %}", "part": "{% set y = x %}{{ y is defined }}",
            "library": "{% set x = probe() %}{% macro shown() %}{{ x is defined }}{% endmacro %}",
        ])
        do {
            let probe = Probe()
            seen = probe
            let globals = ["probe": Value.function("probe") { [weak probe] _, _ in probe.map { .object($0) } ?? .none }]
            let text = try Template(source: source, environment: environment).render(globals)
            #expect(text == "True")
            _ = probe
        }
        #expect(seen == nil)
    }

    @Test("an error frees it too")
    func freesAfterErrors() throws {
        weak var seen: Probe?
        do {
            let probe = Probe()
            seen = probe
            let globals = ["probe": Value.function("probe") { [weak probe] _, _ in probe.map { .object($0) } ?? .none }]
            let source = "{% macro m() %}{{ missing.attribute }}{% endmacro %}{% set x = probe() %}{{ m() }}"
            let template = try Template(source: source, environment: Environment())
            #expect(throws: TemplateError.self) { try template.render(globals) }
        }
        #expect(seen == nil)
    }
}

import Testing

@testable import Jinja

@Suite("Static analysis")
struct CallSiteTests {
    @Test("finds calls with their literal arguments")
    func calls() throws {
        let source = """
            {{ config(materialized='table', tags=['a', 'b']) }}
            select * from {{ ref('pkg', 'model', v=2) }}
            {% if execute %}{{ source('s', name) }}{% endif %}
            {{ adapter.dispatch('x', *args)(ref('inner')) }}
            """
        let sites = try Template(source: source, environment: Environment()).callSites
        #expect(sites.map { $0.path.joined(separator: ".") } == ["config", "ref", "source", "adapter.dispatch", "ref"])
        #expect(sites[0].named.map(\.name) == ["materialized", "tags"])
        #expect(sites[0].named.map(\.value) == ["table", ["a", "b"]])
        #expect(sites[1].positional == ["pkg", "model"])
        #expect(sites[1].isStatic && !sites[1].isConditional)
        #expect(sites[2].positional == ["s", nil])
        #expect(!sites[2].isStatic && sites[2].isConditional)
        #expect(sites[3].hasVariadicArguments)
    }

    @Test("finds what macros call")
    func macros() throws {
        let template = try Template(
            source: "{% macro a(x=var('v')) %}{% call statement('s') %}{{ b(x) }}{% endcall %}{{ c.d() }}{% endmacro %}",
            environment: Environment())
        #expect(template.macros.first?.calledNames == ["var", "statement", "b", "c"])
        #expect(template.namesUsed.contains("x"))
    }
}

import Documents
import Testing

@testable import Transform

/// `unrendered_config`, which comparing states goes by. The expected values are those of dbt-core 1.12.
@Suite("Configuration as it was written") struct UnrenderedConfigTests {
    private func unrendered(_ code: String, _ type: String = "models") async throws -> JSON {
        let project = try TestProject([
            "dbt_project.yml": "name: shop\nprofile: shop\nvars: {kind: table, t: y}\n",
            "\(type)/a.sql": code,
            "macros/m.sql": "{% macro m() %}{% endmacro %}{% macro c() %}{{ config(tags=['m']) }}{% endmacro %}",
        ])
        let nodes = try await project.load().manifest.nodes.values
        return .object(try #require(nodes.first { $0.name == "a" }).unrenderedConfig)
    }

    @Test(
        "keeps the values of templates that are only calls with literals",
        arguments: [
            (
                "{{ config(materialized='table', tags=['a', 'b'], enabled=True) }} select 1",
                ["materialized": "table", "tags": ["a", "b"], "enabled": true]
            ),
            (
                "{{ config(tags=['a']) }}{{ config(tags=['b'], alias='x') }} {# note #} select '{{ ref(\"a\") }}'",
                ["tags": ["b"], "alias": "x"]
            ),
            ("{{ config(meta={'a': {'b': ['c']}, 'd': False}) }} select 1", ["meta": ["a": ["b": ["c"]], "d": false]]),
        ] as [(String, JSON)])
    func literal(_ code: String, _ expected: JSON) async throws {
        // A model may not refer to itself, and what is parsed here need not run.
        #expect(try await unrendered(code.replacing("ref(\"a\")", with: "'a'")) == expected)
    }

    @Test(
        "keeps the text of the arguments of all others",
        arguments: [
            (
                "{{ config(materialized=var('kind'), tags=['a', var(\"t\")], lookback=3) }}",
                ["materialized": "var('kind')", "tags": "['a', var('t')]", "lookback": "3"]
            ),
            ("{{ config(enabled=true, meta={'k': 1, 'n': none}) }}", ["enabled": "True", "meta": "{'k': 1, 'n': None}"]),
            ("{{ config(post_hook='select 1', tags=('a',)) }}", ["post_hook": "select 1", "tags": "('a',)"]),
            (
                "{{ config(alias='x' ~ 'y', full_refresh=not true, lookback=-1) }}",
                ["alias": "'x' ~ 'y'", "full_refresh": "not True", "lookback": "-1"]
            ),
            ("{{ config(tags=['a']) }} {{ m() }}", ["tags": "['a']"]),
            (
                "{{ config(tags=['a'], enabled=target.name in ['dev'] or [1][0] == 1) }} {% set x = 1 %}",
                ["tags": "['a']", "enabled": "target.name in ['dev'] or [1][0] == 1"]
            ),
            (
                "{{ config(tags=var('t') if true else 'q') }}",
                [
                    "tags":
                        "CondExpr(test=Const(value=True), expr1=Call(node=Name(name='var', ctx='load'), args=[Const(value='t')], kwargs=[], dyn_args=None, dyn_kwargs=None), expr2=Const(value='q'))"
                ]
            ),
            (
                "{{ config(alias=var('t') | upper, meta={'a': 1 + 2}) }}",
                [
                    "alias":
                        "Filter(node=Call(node=Name(name='var', ctx='load'), args=[Const(value='t')], kwargs=[], dyn_args=None, dyn_kwargs=None), name='upper', args=[], kwargs=[], dyn_args=None, dyn_kwargs=None)",
                    "meta": "{'a': Add(left=Const(value=1), right=Const(value=2))}",
                ]
            ),
            ("{{ config({'tags': ['q']}) }}{% set x = 1 %}", ["tags": ["q"]]), ("{{ c() }}", ["tags": ["m"]]),
            ("{% if false %}{{ config(alias='x') }}{% endif %}", [:]),
        ] as [(String, JSON)])
    func text(_ code: String, _ expected: JSON) async throws {
        #expect(try await unrendered(code + " select 1 as id") == expected)
    }

    @Test("keeps the text for what is no model, whose templates dbt always renders")
    func analysis() async throws {
        #expect(try await unrendered("{{ config(tags=['a']) }} select 1", "analyses") == ["tags": "['a']"])
    }
}

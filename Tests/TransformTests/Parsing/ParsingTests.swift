import Diagnostics
import Documents
import Testing

@testable import Transform

struct ParsingTests {
    @Test("configuration of the project, the schema file and the model come in that order")
    func precedence() async throws {
        let session = try await TestProject([
            "dbt_project.yml": """
            name: shop
            profile: shop
            models:
              +tags: project
              shop:
                marts: {+materialized: table, +schema: marts, +meta: {owner: project, level: 1}}
            """,
            "models/marts/a.sql": "{{ config(materialized='view', tags='file', meta={'level': 3}) }} select 1",
            "models/marts/b.sql": "select 1",
            "models/schema.yml": """
            models:
              - {name: a, config: {tags: [schema], alias: other, meta: {level: 2}}}
            """,
        ]).load()
        let a = try #require(session.manifest.node("model.shop.a"))
        #expect(a.config.materialized == .view)
        #expect(a.tags == ["project", "schema", "file"])
        #expect(a.meta == JSON.Members(pairs: [("owner", "project"), ("level", 3)]))
        #expect(a.relationName == "\"shop\".\"analytics_marts\".\"other\"")
        let b = try #require(session.manifest.node("model.shop.b"))
        #expect(b.config.materialized == .table)
        #expect(b.fqn == ["shop", "marts", "b"])
    }

    @Test("a setting of dbt_project.yml is kept with its template, as states are compared by it")
    func unrenderedSettings() async throws {
        let session = try await TestProject([
            "dbt_project.yml":
                "name: shop\nprofile: shop\nmodels: {shop: {+enabled: \"{{ var('on', true) }}\", +tags: [\"{{ target.name }}\"]}}\n",
            "models/a.sql": "select 1",
        ]).load()
        let a = try #require(session.manifest.node("model.shop.a"))
        #expect(a.tags == ["dev"])
        #expect(a.unrenderedConfig["enabled"] == "{{ var('on', true) }}")
        #expect(a.unrenderedConfig["tags"] == ["{{ target.name }}"])
    }

    @Test("sections that dbt does not read, and what it only remarks, stop nothing")
    func strayKeys() async throws {
        let manifest = try await TestProject([
            "models/a.sql": "select 1", "tests/holds.sql": "select 1 where false",
            "models/schema.yml": """
            models: [{name: a}]
            model: [{name: b}]
            tests: [{not_a_name: 1}]
            meta: {owner: me}
            data_tests: [{name: holds, description: it holds}, {unnamed: true}, {name: later}]
            """,
        ]).load().manifest
        #expect(manifest.node("test.shop.holds")?.description == "it holds")
        #expect(Set(manifest.warnings.map(\.event.name)) == ["CustomTopLevelKeyDeprecation", "Note"])
        #expect(!manifest.warnings.contains { !$0.isOptional })
    }

    @Test("refs in macros, loops and conditions are found by rendering")
    func rendered() async throws {
        let session = try await TestProject([
            "macros/all.sql":
                "{% macro all_of(names) %}{% for n in names %}select * from {{ ref(n) }} {% endfor %}{% endmacro %}",
            "models/a.sql": "select 1", "models/b.sql": "select 2",
            "models/c.sql": "{{ all_of(['a', 'b']) }} {% if execute %} {{ missing.thing() }} {% endif %}",
            "models/d.sql": "{% set x = run_query('select 1') %} {% if x %}{{ x.columns[0].values() }}{% endif %} select 1",
        ]).load()
        let c = try #require(session.manifest.node("model.shop.c"))
        #expect(c.dependsOnNodes == ["model.shop.a", "model.shop.b"])
        #expect(c.dependsOnMacros == ["macro.shop.all_of"])
        #expect(session.manifest.node("model.shop.d") != nil)
    }

    @Test("a ref to nothing has its place and a suggestion")
    func unknownRef() async throws {
        let project = try TestProject(["models/orders.sql": "select 1", "models/b.sql": "select *\nfrom {{ ref('ordesr') }}"])
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.kind == .unknownRef)
        #expect(error?.location?.description == "models/b.sql:2:13")
        #expect(error?.hint == "did you mean 'orders'?")
    }

    @Test("a template that does not parse has its place")
    func syntax() async throws {
        let project = try TestProject(["models/a.sql": "\n\nselect 1\n{% if %}"])
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.location?.file == "models/a.sql")
        #expect(error?.location?.line == 4)
    }

    @Test("two models of one name, and two entries for one model, are errors")
    func duplicates() async throws {
        let models = try TestProject(["models/a/x.sql": "select 1", "models/b/x.sql": "select 1"])
        let first = await #expect(throws: TransformError.self) { _ = try await models.load() }
        #expect(first?.kind == .duplicate)
        let entries = try TestProject([
            "models/x.sql": "select 1", "models/a.yml": "models: [{name: x}]", "models/b.yml": "models: [{name: x}]",
        ])
        let second = await #expect(throws: TransformError.self) { _ = try await entries.load() }
        #expect(second?.location?.file == "models/b.yml")
    }

    @Test("an unknown generic test has a suggestion")
    func unknownTest() async throws {
        let project = try TestProject([
            "models/x.sql": "select 1",
            "models/x.yml": "models:\n  - name: x\n    columns:\n      - {name: id, data_tests: [not_nul]}",
        ])
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.hint == "did you mean 'not_null'?")
        #expect(error?.location?.line == 4)
    }

    @Test("a disabled model takes its tests along, and a ref to it is an error")
    func disabled() async throws {
        let files = [
            "models/x.sql": "{{ config(enabled=false) }} select 1", "models/y.sql": "select 1",
            "models/x.yml": "models: [{name: x, columns: [{name: id, data_tests: [unique]}]}]",
        ]
        let session = try await TestProject(files).load()
        #expect(session.manifest.nodes.values.filter(\.config.isEnabled).map(\.id) == ["model.shop.y"])
        #expect(try session.plan(.build).ids == ["model.shop.y"])
        let broken = try TestProject(files.merging(["models/z.sql": "select * from {{ ref('x') }}"]) { $1 })
        let error = await #expect(throws: TransformError.self) { _ = try await broken.load() }
        #expect(error?.message.contains("disabled") ?? false)
    }

    @Test("packages bring macros and models, under their names")
    func packages() async throws {
        let session = try await TestProject([
            "dbt_packages/tools/dbt_project.yml": "name: tools\nvars: {unit: day}\n",
            "dbt_packages/tools/macros/m.sql": """
            {% macro one() %}{{ return(adapter.dispatch('one', 'tools')()) }}{% endmacro %}
            {% macro default__one() %}1{% endmacro %}
            """,
            "dbt_packages/tools/models/helper.sql": "select {{ tools.one() }} as {{ var('unit') }}",
            "macros/own.sql": "{% macro default__one() %}2{% endmacro %}",
            "models/a.sql": "select {{ tools.one() }} from {{ ref('helper') }}, {{ ref('tools', 'helper') }}",
        ]).load()
        let a = try #require(session.manifest.node("model.shop.a"))
        #expect(a.dependsOnNodes == ["model.tools.helper"])
        #expect(a.dependsOnMacros == ["macro.tools.one"])
    }

    @Test("variables come from the command line, the project, then the package")
    func variables() async throws {
        let files = [
            "dbt_project.yml": "name: shop\nprofile: shop\nvars: {size: 2, shop: {colour: red}}\n",
            "models/a.sql": "{{ config(alias='a_' ~ var('size') ~ var('colour') ~ var('other', 'x')) }} select 1",
        ]
        let plain = try await TestProject(files).load()
        #expect(plain.manifest.node("model.shop.a")?.alias == "a_2redx")
        let given = try await TestProject(files).load { $0.vars = JSON.Members(pairs: [("size", 3), ("other", "y")]) }
        #expect(given.manifest.node("model.shop.a")?.alias == "a_3redy")
    }

    @Test("a missing profile or target names those that exist")
    func profiles() async throws {
        let project = try TestProject(["models/a.sql": "select 1"])
        let target = await #expect(throws: TransformError.self) { _ = try await project.load { $0.target = "devv" } }
        #expect(target?.hint == "did you mean 'dev'?")
        let profile = await #expect(throws: TransformError.self) { _ = try await project.load { $0.profile = "other" } }
        #expect(profile?.kind == .profile)
    }

    @Test("docs blocks go into descriptions")
    func docs() async throws {
        let session = try await TestProject([
            "models/a.sql": "select 1", "models/docs.md": "{% docs key %}\nThe key.\n{% enddocs %}",
            "models/a.yml":
                "models: [{name: a, description: \"{{ doc('key') }}\", columns: [{name: id, description: \"{{ doc('key') }}!\"}]}]",
        ]).load()
        let a = try #require(session.manifest.node("model.shop.a"))
        #expect(a.description == "The key.")
        #expect(a.columns.first?.description == "The key.!")
        #expect(a.docBlocks == ["doc.shop.key"])
    }
}

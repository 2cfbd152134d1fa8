import Documents
import Foundation
import Testing

@testable import Transform

@Suite("state:modified") struct StateModifiedTests {
    private static let files = [
        "dbt_project.yml": "name: shop\nprofile: shop\nvars: {kind: table}\n",
        "models/a.sql": "{{ config(schema=target.name, materialized=var('kind'), tags=['x']) }} select 1 as x",
        "models/b.sql": "select {{ outer() }} from {{ ref('a') }}",
        "models/c.sql": "{{ config(meta={'k': 1}) }} select * from {{ source('raw', 't') }}",
        "macros/m.sql": "{% macro outer() %}{{ inner() }}{% endmacro %}\n{% macro inner() %}1{% endmacro %}",
        "models/s.yml": """
        sources: [{name: raw, schema: "{{ 'raw_' ~ target.name }}", tables: [{name: t}]}]
        models: [{name: a, columns: [{name: x, data_tests: [not_null, accepted_values: {arguments: {values: [1]}}]}]}]
        unit_tests: [{name: u, model: b, given: [{input: "ref('a')", rows: [{x: 1}]}], expect: {rows: [{x: 1}]}}]
        exposures: [{name: e, type: dashboard, owner: {name: o}, depends_on: ["ref('b')"]}]
        """,
        "profiles.yml": """
        shop:
          target: dev
          outputs:
            dev: {type: postgres, host: localhost, port: 1, user: u, password: p, dbname: d, schema: dev}
            prod: {type: postgres, host: localhost, port: 1, user: u, password: p, dbname: e, schema: prod}
        """,
    ]

    /// What is selected in the project as it is, compared with what it was in production before the change.
    private func selected(_ words: String..., after change: (TestProject) throws -> Void) async throws -> Set<String> {
        let project = try TestProject(Self.files)
        let state = project.folder + "/state"
        try await project.load {
            $0.target = "prod"
            $0.targetPath = "state"
        }.writeManifest()
        try change(project)
        let session = try await project.load { $0.state = state }
        return Set(try session.list("name", select: words))
    }

    @Test("another target, whose schemas and databases are others, changes nothing")
    func target() async throws {
        #expect(try await selected("state:modified", "state:new") { _ in }.isEmpty)
    }

    @Test("a macro that a model's macro calls changes the model")
    func macros() async throws {
        let change: (TestProject) throws -> Void = {
            try $0.write(Self.files["macros/m.sql"]?.replacing("}1{", with: "}2{") ?? "", to: "macros/m.sql")
        }
        let found = try await selected("state:modified", after: change)
        #expect(found == ["b", "u"], "and the unit test of the model")
        let ofMacros = try await selected("state:modified.macros", after: change)
        #expect(ofMacros == ["b", "u"])
        #expect(try await selected("state:modified.body", after: change).isEmpty)
    }

    @Test(
        "what was written counts, tags and groups do not",
        arguments: [
            ("materialized=var('kind')", "materialized='table'", ["state:modified.configs": true, "state:modified": true]),
            ("tags=['x']", "tags=['y']", ["state:modified.configs": false, "state:modified.body": true]),
            ("schema=target.name", "schema='dev'", ["state:modified.relation": true, "state:modified.configs": false]),
        ])
    func configuration(_ old: String, _ new: String, _ expected: [String: Bool]) async throws {
        for (words, isSelected) in expected {
            let found = try await selected(words) {
                try $0.write(Self.files["models/a.sql"]?.replacing(old, with: new) ?? "", to: "models/a.sql")
            }
            #expect(found.contains("a") == isSelected, "\(words)")
        }
    }

    @Test(
        "sources, unit tests and exposures are compared by what they say",
        arguments: [
            ("'raw_'", "'row_'", "state:modified", ["raw.t"]), ("'raw_'", "'row_'", "state:modified.relation", ["raw.t"]),
            ("rows: [{x: 1}]}], expect", "rows: [{x: 2}]}], expect", "state:modified", ["unit_test.shop.b.u"]),
            ("type: dashboard", "type: notebook", "state:modified", ["e"]),
            ("values: [1]", "values: [1], config: {severity: warn}", "state:modified.configs", ["accepted_values_a_x__1"]),
        ])
    func others(_ old: String, _ new: String, _ words: String, _ expected: [String]) async throws {
        let found = try await selected(words) {
            let text = Self.files["models/s.yml"] ?? ""
            #expect(text.contains(old))
            try $0.write(text.replacing(old, with: new), to: "models/s.yml")
        }
        #expect(Set(found.map { $0 == "u" ? "unit_test.shop.b.u" : $0 }) == Set(expected))
    }
}

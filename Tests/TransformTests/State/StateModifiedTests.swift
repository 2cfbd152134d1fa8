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

    @Test("a new source, exposure or metric is new and not modified, as in dbt; a new model is both")
    func newcomers() async throws {
        func add(_ project: TestProject) throws {
            try project.write("select 1 as y", to: "models/d.sql")
            let text = (Self.files["models/s.yml"] ?? "").replacing("[{name: t}]", with: "[{name: t}, {name: u}]")
            try project.write(text, to: "models/s.yml")
        }
        #expect(try await selected("state:new", after: add) == ["d", "raw.u"])
        #expect(try await selected("state:modified", after: add) == ["d"])
        #expect(try await selected("state:modified.configs", after: add) == ["d", "raw.u"])
    }

    @Test("only settings that change a test's result are changes of the test")
    func testSettings() async throws {
        let found = try await selected("state:modified") {
            let text = Self.files["models/s.yml"] ?? ""
            try $0.write(
                text.replacing("values: [1]}", with: "values: [1]}, config: {tags: [x], meta: {a: 1}}"), to: "models/s.yml")
        }
        #expect(found.isEmpty)
    }

    private static let contracted = """
        models:
          - name: kept
            latest_version: 1
            config: {contract: {enforced: true}}
            columns: [{name: x, data_type: integer, constraints: [{type: not_null}]}, {name: y, data_type: varchar(3)}]
        """

    @Test(
        "a broken contract is warned of, and is an error where the model has versions",
        arguments: [
            ("y, data_type: varchar(3)", "y, data_type: varchar(5)", nil),
            ("y, data_type: varchar(3)", "y, data_type: integer", "y (varchar(3) -> integer)"),
            (", {name: y, data_type: varchar(3)}", "", "Columns were removed: \n    - y"),
            (", constraints: [{type: not_null}]", "", "'not_null' constraint on column x"),
            ("enforced: true", "enforced: false", "Contract enforcement was removed"),
        ] as [(String, String, String?)], [true, false])
    func contracts(_ change: (String, String, String?), _ isVersioned: Bool) async throws {
        let versions = isVersioned ? "\n    versions: [{v: 1}]" : ""
        let text = isVersioned ? Self.contracted : Self.contracted.replacing("    latest_version: 1\n", with: "")
        let project = try TestProject([
            "models/kept.sql": "{{ config(materialized='table') }} select 1 as x, 'a' as y", "models/s.yml": text + versions,
        ])
        try await project.load { $0.targetPath = "state" }.writeManifest()
        try project.write(text.replacing(change.0, with: change.1) + versions, to: "models/s.yml")
        let session = try await project.load {
            $0.state = project.folder + "/state"
            $0.select = ["state:modified.contract"]
        }
        if isVersioned, let message = change.2 {
            let error = #expect(throws: TransformError.self) { try session.list("name") }
            #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "no error")")
        } else {
            #expect(try session.list("name") == [isVersioned ? "kept.v1" : "kept"])
            let warnings = try session.contractWarnings()
            #expect(warnings.count == (change.2 == nil ? 0 : 1))
            if let message = change.2 { #expect(warnings.first?.contains(message) ?? false, "\(warnings)") }
        }
    }
}

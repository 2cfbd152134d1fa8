import Diagnostics
import Documents
import Foundation
import Testing

@testable import Transform

@Suite("Reading a project again after a change") struct ManifestUpdateTests {
    private static let files = [
        "dbt_project.yml": "name: shop\nprofile: shop\nvars: {limit: 5}\nmodels: {shop: {+tags: [all]}}",
        "models/a.sql": "{{ config(materialized='table') }} select {{ env_var('COLOR', 'red') }} as c",
        "models/b.sql": "select * from {{ ref('a') }} join {{ source('s', 't') }} using (c) limit {{ var('limit') }}",
        "models/c.sql": "select {{ twice('c') }} from {{ ref('b') }}",
        "models/d.sql": "select 1 as x",
        "models/v_v1.sql": "select 1 as x",
        "models/schema.yml": """
        models:
          - name: a
            description: "{{ doc('note') }}"
            config: {meta: {k: 1}}
            columns:
              - {name: c, description: "{{ doc('note') }}", data_tests: [unique, not_null]}
          - name: b
            constraints: [{type: foreign_key, columns: [c], to: ref('a'), to_columns: [c]}]
            data_tests: [{accepted_values: {arguments: {column_name: c, values: [1]}}}]
          - {name: v, latest_version: 1, versions: [{v: 1}]}
        sources: [{name: s, tables: [{name: t}]}]
        exposures: [{name: e, type: dashboard, owner: {name: o}, depends_on: ["ref('b')"]}]
        unit_tests: [{name: u, model: d, given: [], expect: {rows: [{x: 1}]}}]
        groups: [{name: g, owner: {name: o}}]
        """,
        "models/docs.md": "{% docs note %}A note.{% enddocs %}",
        "macros/twice.sql": "{% macro twice(x) %}{{ x }} || {{ x }}{% endmacro %}",
        "dbt_packages/tools/dbt_project.yml": "name: tools",
        "dbt_packages/tools/models/t.sql": "select 1 as x",
        "dbt_packages/tools/macros/tool.sql": "{% macro tool() %}1{% endmacro %}",
    ]

    struct Edit: Sendable, CustomTestStringConvertible {
        var what: String
        var path: String
        /// Nil removes the file.
        var text: String?
        /// Whether the model alone is read.
        var isSmall = false

        var testDescription: String { what }
    }

    private static let edits: [Edit] = [
        .init(
            what: "text of a model", path: "models/a.sql", text: "select {{ env_var('COLOR', 'red') }} || 2 as c", isSmall: true),
        .init(
            what: "what a model refers to", path: "models/b.sql",
            text: "select * from {{ ref('d') }} join {{ ref('a') }} using (c)",
            isSmall: true),
        .init(
            what: "settings of a model", path: "models/c.sql",
            text:
                "{{ config(materialized='incremental', tags=['x'], meta={'m': 2}) }} select {{ twice('d') }} from {{ ref('b') }}",
            isSmall: true),
        .init(
            what: "a model of a package", path: "dbt_packages/tools/models/t.sql", text: "select {{ tools.tool() }} as x",
            isSmall: true),
        .init(what: "alias", path: "models/a.sql", text: "{{ config(alias='other') }} select 2 as c"),
        .init(what: "group", path: "models/a.sql", text: "{{ config(group='g') }} select 2 as c"),
        .init(what: "schema", path: "models/a.sql", text: "{{ config(schema='other') }} select 2 as c"),
        .init(
            what: "ephemeral", path: "models/b.sql", text: "{{ config(materialized='ephemeral') }} select * from {{ ref('a') }}"),
        .init(what: "switched off", path: "models/c.sql", text: "{{ config(enabled=false) }} select 1"),
        .init(what: "a model with a unit test", path: "models/d.sql", text: "select 2 as x"),
        .init(what: "a version", path: "models/v_v1.sql", text: "select 2 as x"),
        .init(what: "another variable of the environment", path: "models/a.sql", text: "select {{ env_var('SIZE', '1') }} as c"),
        .init(what: "a new model", path: "models/new.sql", text: "select 1 as x"),
        .init(what: "a model less", path: "models/c.sql", text: nil),
        .init(
            what: "a schema file", path: "models/schema.yml",
            text:
                "models: [{name: a, columns: [{name: c, data_tests: [unique]}]}]\nsources: [{name: s, tables: [{name: t}]}]\ngroups: [{name: g, owner: {name: o}}]"
        ),
        .init(what: "a docs block", path: "models/docs.md", text: "{% docs note %}Another note.{% enddocs %}"),
        .init(
            what: "a macro", path: "macros/twice.sql", text: "{% macro twice(x) %}{{ config(tags=['m']) }}{{ x }}{% endmacro %}"),
        .init(
            what: "a macro of a package", path: "dbt_packages/tools/macros/tool.sql",
            text: "{% macro tool() %}{{ ref('a') }}{% endmacro %}"),
        .init(
            what: "dbt_project.yml", path: "dbt_project.yml",
            text: "name: shop\nprofile: shop\nvars: {limit: 6}\nmodels: {shop: {+tags: [none]}}"),
    ]

    /// The manifest without what differs from call to call.
    private func manifest(of session: TransformSession) throws -> JSON {
        try? FileManager.default.removeItem(atPath: session.targetFolder + "/manifest.json")
        try session.writeManifest()
        return plain(try JSON(parsing: ProjectFileSystem.bytes(of: session.targetFolder + "/manifest.json")))
    }

    private func plain(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            var kept = JSON.Members()
            for entry in members.entries where entry.key != "created_at" && entry.key != "metadata" {
                kept.append(entry.key, plain(entry.value))
            }
            return .object(kept)
        case .array(let items): return .array(items.map(plain))
        default: return value
        }
    }

    @Test("gives the manifest of the project as it is, and reads one model where that is enough", arguments: edits)
    func edit(_ edit: Edit) async throws {
        let project = try TestProject(Self.files)
        let first = try await project.load()
        try first.writeManifest()
        if let text = edit.text {
            try text.write(toFile: project.folder + "/" + edit.path, atomically: true, encoding: .utf8)
        } else {
            try FileManager.default.removeItem(atPath: project.folder + "/" + edit.path)
        }
        let second = try await project.load()
        let again = try manifest(of: second)
        let fresh = try manifest(of: try await project.load { $0.writesArtifacts = false })
        for key in fresh.object?.keys ?? [] { #expect(again[key] == fresh[key], "\(key)") }
        #expect(second.manifest.warnings == (try await project.load { $0.writesArtifacts = false }).manifest.warnings)
        // What was not read again still has the time of the first reading.
        let untouched = try #require(second.manifest.node("model.shop.d"))
        let isKept = untouched.createdAt == first.manifest.node("model.shop.d")?.createdAt
        #expect(isKept == edit.isSmall)
        // And the third time nothing need be read.
        #expect(second.manifestCache?.load() != nil)
    }

    @Test("finds mistakes in the model that changed")
    func mistake() async throws {
        let project = try TestProject(Self.files)
        try (try await project.load()).writeManifest()
        try "select * from {{ ref('nothing') }}".write(
            toFile: project.folder + "/models/c.sql", atomically: true, encoding: .utf8)
        let error = await #expect(throws: TransformError.self) { try await project.load() }
        #expect(error?.message.contains("nothing") == true)
        #expect(error?.location?.file == "models/c.sql")
    }

    @Test("with another target, variable or variable of the environment reads everything")
    func settings() async throws {
        let project = try TestProject(Self.files)
        let first = try await project.load()
        try first.writeManifest()
        let base = try #require(first.manifestCache?.fingerprint.base)
        #expect(try await project.load().manifestCache?.fingerprint.base == base)
        #expect(try await project.load { $0.environment["COLOR"] = "blue" }.manifestCache?.fingerprint.base != base)
        #expect(try await project.load { $0.vars = JSON.Members(pairs: [("limit", 1)]) }.manifestCache?.fingerprint.base != base)
        let profiles = project.folder + "/profiles.yml"
        let text = try String(contentsOfFile: profiles, encoding: .utf8)
        try text.replacing("schema: analytics", with: "schema: other").write(toFile: profiles, atomically: true, encoding: .utf8)
        let moved = try await project.load()
        #expect(moved.manifestCache?.fingerprint.base != base)
        #expect(moved.manifest.node("model.shop.a")?.schema == "other")
    }
}

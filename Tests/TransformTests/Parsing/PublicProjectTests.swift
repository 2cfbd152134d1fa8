import Diagnostics
import Documents
import Testing

@testable import Transform

/// What comparing the manifests of public projects with dbt-core's has shown. The expected values are dbt-core 1.12's.
@Suite("As public projects need it") struct PublicProjectTests {
    @Test("values of schema files lose their last line end, rendered or not; descriptions keep it")
    func lineEnds() async throws {
        let project = try TestProject([
            "models/a.sql": "select 1 as x",
            "models/a.yml": """
            models:
              - name: a
                description: >
                  One.
                config:
                  meta:
                    note: >
                      Two.
                    more: |
                      Three.

                columns: []
            """,
        ])
        let node = try #require(try await project.load().manifest.node("model.shop.a"))
        #expect(node.config.meta["note"] == "Two.")
        #expect(node.config.meta["more"] == "Three.")
        #expect(node.description == "One.\n")
    }

    @Test("the fingerprint of a contract covers the model's constraints where it becomes a table")
    func contract() async throws {
        func checksum(_ kind: String) async throws -> String? {
            let project = try TestProject([
                "models/a.sql": "{{ config(materialized='\(kind)', contract={'enforced': true}) }} select 1 as id",
                "models/a.yml": """
                models:
                  - name: a
                    constraints: [{type: primary_key, columns: [id]}]
                    columns: [{name: id, data_type: int, constraints: [{type: not_null}]}]
                """,
            ])
            let session = try await project.load()
            let node = try #require(session.manifest.node("model.shop.a"))
            return NodeArtifact.json(of: node, compilation: nil, world: session.world)["contract"]?["checksum"]?.string
        }
        #expect(try await checksum("view") == "d419f4b5f6b9a29413624adf0106fc9ddf789002b4d0c94afb949e81be8539d3")
        #expect(try await checksum("table") == "9e9448434de1b170c741384e20cec49122b3278e36bbd358f7e5fedcffc9a6d3")
    }

    @Test("a source that a template without anything else calls twice is listed once")
    func sources() async throws {
        let project = try TestProject([
            "models/a.sql": "select * from {{ source('r', 't') }}, {{ source('r', 't') }}",
            "models/b.sql": "{% set x = 1 %}select * from {{ source('r', 't') }}, {{ source('r', 't') }}",
            "models/s.yml": "sources: [{name: r, tables: [{name: t}]}]",
        ])
        let manifest = try await project.load().manifest
        #expect(manifest.node("model.shop.a")?.sources.count == 1)
        #expect(manifest.node("model.shop.b")?.sources.count == 2)
    }

    @Test("files of rows for unit tests are no tests, and SQL among them counts as it stands")
    func fixtures() async throws {
        let project = try TestProject([
            "models/a.sql": "select 1 as x", "models/b.sql": "select * from {{ ref('a') }}",
            "tests/fixtures/rows.sql": "select 'it''s' as x\n", "tests/one.sql": "select 1 where false",
            "models/u.yml": """
            unit_tests:
              - name: u
                model: b
                given: [{input: "ref('a')", format: sql, fixture: rows}]
                expect: {rows: [{x: 1}]}
            """,
        ])
        let manifest = try await project.load().manifest
        #expect(manifest.nodes.values.filter { $0.resourceType == .test }.map(\.name) == ["one"])
        let test = try #require(manifest.unitTests.values.first)
        #expect(UnitTestChecksum.value(of: test) == "bbd3f3523c49a4727c12219cad63ddaed7f9ad37e5a2a928a6c270b937277882")
    }

    @Test("a key that stands twice is a deprecation, and the last one counts")
    func duplicateKeys() async throws {
        let project = try TestProject([
            "models/a.sql": "select 1 as x",
            "models/a.yml": "models:\n  - name: a\n    description: one\n    tags: [t]\n    description: two\n",
        ])
        let manifest = try await project.load().manifest
        #expect(manifest.node("model.shop.a")?.description == "two")
        let warning = try #require(manifest.warnings.first { $0.event.name == "DuplicateYAMLKeysDeprecation" })
        #expect(warning.location?.line == 5)
        #expect(warning.hint?.contains("models/a.yml:3") ?? false)
    }

    @Test("names and folders that are out of date are deprecations")
    func deprecations() async throws {
        let project = try TestProject([
            "dbt_project.yml": "name: shop\nprofile: shop\ntarget-path: out\nlog-path: logs\n",
            "models/a.sql": "select 1 as x", "seeds/b.csv": "x\n1\n",
            "models/sub/b.sql": "{{ config(alias='bb') }} select 1 as x",
            "models/e.yml": "exposures: [{name: my dash, type: dashboard, owner: {name: o}}]",
        ])
        let events = try await project.load().manifest.warnings.filter { !$0.isOptional }.map(\.event.name)
        #expect(
            Set(events) == [
                "ConfigTargetPathDeprecation", "ExposureNameDeprecation", "DuplicateNameDistinctNodeTypesDeprecation",
            ])
    }
}

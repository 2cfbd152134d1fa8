import Documents
import Testing

@testable import Transform

@Suite("Versions of models and unit tests") struct VersionTests {
    private static let files = [
        "dbt_project.yml": "name: shop\nprofile: shop\n",
        "models/dim_v1.sql": "select 1 as id, 'a' as name", "models/dim.sql": "select 1 as id",
        "models/user.sql": "select * from {{ ref('dim') }} join {{ ref('dim', v=1) }} using (id)",
        "seeds/names.csv": "id,name\n,x\n1,a\n",
        "models/schema.yml": """
        models:
          - name: dim
            latest_version: 2
            config: {tags: [all]}
            columns:
              - {name: id, data_tests: [unique]}
              - {name: name}
            versions:
              - v: 1
                config: {tags: [old]}
              - v: 2
                columns: [{include: all, exclude: [name]}]
        unit_tests:
          - name: rows
            model: user
            given: [{input: ref('names')}]
            expect: {format: csv, rows: "id,name\\n1,\\n"}
        """,
    ]

    @Test("a model's versions are nodes of their own, and ref() means the latest one")
    func versions() async throws {
        let project = try TestProject(Self.files)
        let manifest = try await project.load().manifest
        let old = try #require(manifest.nodes["model.shop.dim.v1"])
        let new = try #require(manifest.nodes["model.shop.dim.v2"])
        #expect(old.alias == "dim_v1" && new.alias == "dim_v2")
        #expect(old.fqn == ["shop", "dim", "v1"])
        #expect(old.tags == ["old", "all"] && new.tags == ["all"])
        #expect(old.columns.map(\.name) == ["id", "name"] && new.columns.map(\.name) == ["id"])
        #expect(manifest.nodes["model.shop.user"]?.dependsOnNodes == ["model.shop.dim.v2", "model.shop.dim.v1"])
        #expect(manifest.nodes.keys.filter { $0.rawValue.hasPrefix("test.shop.unique_dim_v") }.count == 2)
    }

    @Test("unit tests take the rows of seeds and CSV texts, a row without nulls first")
    func unitTests() async throws {
        let project = try TestProject(Self.files)
        let test = try #require(try await project.load().manifest.unitTests["unit_test.shop.user.rows"])
        #expect(test.given.first?.rows == [["id": "1", "name": "a"], ["id": nil, "name": "x"]])
        #expect(test.expect.rows == [["id": "1", "name": nil]])
        #expect(test.dependsOnNodes == ["model.shop.user"])
    }
}

import Documents
import Testing

@testable import Transform

/// Small things that dbt does, which only comparing manifests shows.
@Suite("Details of dbt's parser") struct DbtDetailsTests {
    @Test("a text at the end of a schema file loses its last line end", arguments: ["", "\n", "\n\n  \n"])
    func lastLineEnd(_ end: String) async throws {
        let project = try TestProject([
            "models/a.sql": "select 1 as x",
            "models/a.yml": "models:\n  - name: a\n    description: |\n      One.\n      Two." + end,
        ])
        let node = try #require(try await project.load().manifest.node("model.shop.a"))
        #expect(node.description == "One.\nTwo.")
    }

    @Test("the columns of an inferred primary key are sorted")
    func primaryKey() async throws {
        let project = try TestProject([
            "models/a.sql": "select 1 as x",
            "models/a.yml": """
            models:
              - name: a
                columns:
                  - {name: z, data_tests: [unique, not_null]}
                  - {name: b, data_tests: [not_null, unique]}
                  - {name: k, data_tests: [unique]}
            """,
        ])
        let node = try #require(try await project.load().manifest.node("model.shop.a"))
        #expect(node.primaryKey == ["b", "z"])
    }
}

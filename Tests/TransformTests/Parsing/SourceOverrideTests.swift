import Documents
import Testing

@testable import Transform

@Suite("Overrides of sources") struct SourceOverrideTests {
    private let files = [
        "dbt_packages/raw/dbt_project.yml": "name: raw\n",
        "dbt_packages/raw/models/sources.yml": """
        sources:
        - name: crm
          schema: crm_raw
          description: as the package has it
          loaded_at_field: at
          tables:
          - {name: people, description: all people, columns: [{name: id, tests: [unique]}]}
          - {name: firms, identifier: firms_v1}
        """,
        "packages.yml": "packages: [{local: dbt_packages/raw}]\n",
        "models/sources.yml": """
        sources:
        - name: crm
          overrides: raw
          schema: crm_prod
          tables: [{name: firms, description: our firms, identifier: firms_v2}]
        """,
    ]

    @Test("the project's words take the place of the package's")
    func overrides() async throws {
        let manifest = try await TestProject(files).load().manifest
        let people = try #require(manifest.sources["source.raw.crm.people"])
        #expect(people.schema == "crm_prod" && people.description == "all people")
        #expect(people.sourceDescription == "as the package has it" && people.loadedAtField == "at")
        let firms = try #require(manifest.sources["source.raw.crm.firms"])
        #expect(firms.identifier == "firms_v2" && firms.description == "our firms")
        #expect(manifest.sources.count == 2)
        #expect(manifest.nodes.values.contains { $0.test?.name == "unique" })
    }

    @Test("an override of what is not there is a warning")
    func idle() async throws {
        var files = files
        files["models/sources.yml"] = "sources: [{name: crn, overrides: raw}]"
        let warnings = try await TestProject(files).load().manifest.warnings
        #expect(warnings.contains { $0.message == "there is no source 'crn' in the package 'raw' to override" })
    }
}

import Documents
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Transform

@Suite("Freshness of sources") struct FreshnessTests {
    private static let limits = "{warn_after: {count: 1, period: hour}, error_after: {count: 1, period: day}"

    @Test("fresh, late and stale rows, filters, queries of one's own and missing tables end as in dbt")
    func statuses() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            for (name, age) in [("fresh", "1 minute"), ("late", "2 hours"), ("stale", "3 days")] {
                try await connection.execute(
                    "create table public.\(name) as select now() - interval '\(age)' as at, '\(name)' as kind")
            }
            try await connection.execute("insert into public.stale select now(), 'other'")
            try await connection.execute("create table public.none (at timestamptz)")
            let project = try TestProject(
                [
                    "models/sources.yml": """
                    sources:
                    - name: raw
                      schema: public
                      config:
                        loaded_at_field: at
                        freshness: \(Self.limits)}
                      tables:
                      - name: fresh
                      - name: late
                      - {name: stale, config: {freshness: {filter: "kind = 'stale'"}}}
                      - {name: unfiltered, identifier: stale}
                      - name: asked
                        identifier: stale
                        config: {loaded_at_field: null, loaded_at_query: "select min(at) from {{ this }}"}
                      - {name: none}
                      - {name: missing}
                      - {name: unwatched, config: {freshness: null}}
                    """
                ], database: database.options)
            let found = try await project.load().checkFreshness()
            let statuses = Dictionary(uniqueKeysWithValues: found.map { ($0.source.name, $0.status) })
            #expect(
                statuses == [
                    "fresh": .pass, "late": .warn, "stale": .error, "unfiltered": .pass, "asked": .error, "none": .error,
                    "missing": .runtimeError,
                ])
            let sources = try JSON(parsing: Array(project.read("target/sources.json").utf8), file: "sources.json")
            #expect(sources["metadata"]?["dbt_schema_version"]?.string?.hasSuffix("/sources/v3.json") ?? false)
            let late = sources["results"]?.array?.first { $0["unique_id"] == "source.shop.raw.late" }
            #expect(late?["status"] == "warn" && late?["criteria"]?["warn_after"]?["period"] == "hour")
            let age = try #require(late?["max_loaded_at_time_ago_in_s"]?.double)
            #expect((7199...7300).contains(age))
            let missing = sources["results"]?.array?.first { $0["unique_id"] == "source.shop.raw.missing" }
            #expect(missing?["status"] == "runtime error" && missing?["error"]?.string?.contains("does not exist") ?? false)
        }
    }

    @Test("the project's hooks run around it, unless a flag says no", arguments: [true, false])
    func hooks(_ runs: Bool) async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("create table public.t as select now() as at")
            try await connection.execute("create table public.seen (what text)")
            let project = try TestProject(
                [
                    "dbt_project.yml": """
                    name: shop
                    profile: shop
                    flags: {source_freshness_run_project_hooks: \(runs)}
                    on-run-start: insert into public.seen values ('start')
                    on-run-end: insert into public.seen values ('end')
                    """,
                    "models/sources.yml":
                        "sources: [{name: public, tables: [{name: t, config: {loaded_at_field: at, freshness: \(Self.limits)}}}]}]",
                ], database: database.options)
            #expect(try await project.load().checkFreshness().map(\.status) == [.pass])
            let rows = try await connection.query("select what from public.seen")
            #expect(rows.map { $0["what"]?.string } == (runs ? ["start", "end"] : []))
        }
    }
}

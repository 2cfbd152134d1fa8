import Documents
import Foundation
import TestSupport
import Testing

@testable import Transform

/// Options that change what is asked of the warehouse.
struct FlagTests {
    @Test("--no-introspect compiles what asks nothing, and says where something asks")
    func introspection() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "select 1 as id",
                    "models/b.sql": "{% if execute %}{% do run_query('select 1') %}{% endif %} select 2 as id",
                ], database: database.options)
            let results = try await project.run(.compile) { $0.introspects = false }
            #expect(results.statuses == ["a": .success, "b": .error])
            #expect(results.result("b")?.message?.contains("--no-introspect") ?? false)
            #expect(try await project.run(.compile).isSuccess)
        }
    }

    @Test("--no-inject-ephemeral-ctes leaves the SQL of ephemeral models out")
    func ephemerals() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/e.sql": "{{ config(materialized='ephemeral') }} select 1 as id",
                    "models/a.sql": "select * from {{ ref('e') }}",
                ], database: database.options)
            let plain = try await project.run(.compile) { $0.injectsEphemerals = false }
            #expect(plain.result("a")?.compiledCode == "select * from __dbt__cte__e")
            #expect(try await project.run(.compile).result("a")?.compiledCode?.hasPrefix("with __dbt__cte__e as (") ?? false)
        }
    }

    @Test(
        "the catalog is asked for all schemas, for those of the selection, or not at all",
        arguments: [(true, false, ["analytics", "analytics_x"]), (true, true, ["analytics"]), (false, false, [])])
    func cache(_ populates: Bool, _ selectedOnly: Bool, _ schemas: [String]) async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                ["models/a.sql": "select 1 as id", "models/b.sql": "{{ config(schema='x') }} select 2 as id"],
                database: database.options)
            for _ in 0..<2 {
                let session = try await project.load {
                    $0.populatesCache = populates
                    $0.cachesSelectedOnly = selectedOnly
                }
                let plan = try session.plan(.run, select: ["a"])
                try await session.prepare(plan)
                #expect(["analytics", "analytics_x"].filter(session.cache.isKnown) == schemas)
                #expect(session.cache.hasSchema("analytics"))
                #expect(await session.runNode("model.shop.a").status == .success)
                await session.finish(InvocationResults(results: []))
            }
        }
    }
}

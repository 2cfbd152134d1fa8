import Diagnostics
import Postgres
import TestSupport
import Testing

@testable import Transform

struct MaterializationTests {
    @Test(
        "an incremental model adds rows, merges by key, and is built anew on full refresh",
        arguments: ["append", "delete+insert", "merge"])
    func incremental(strategy: String) async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": """
                    {{ config(materialized='incremental', incremental_strategy='\(strategy)', unique_key=\(strategy == "append" ? "none" : "'id'")) }}
                    select n as id, '{{ "again" if is_incremental() else "first" }}' as run from generate_series(1, 3) n
                    {% if is_incremental() %} where n > 1 {% endif %}
                    """
                ], database: database.options)
            let connection = try await database.connect()
            for (round, expected) in [
                ("first", "first:3"), ("again", strategy == "append" ? "again:2 first:3" : "again:2 first:1"),
            ] {
                let results = try await project.run(.run)
                #expect(results.isSuccess, "\(results.results.compactMap(\.message))")
                let counts = try await connection.query(
                    "select run || ':' || count(*) from analytics.a group by run order by run")
                #expect(counts.compactMap { $0[0].string }.joined(separator: " ") == expected, "\(round)")
            }
            #expect(try await project.run(.run) { $0.fullRefresh = true }.isSuccess)
            #expect(try await connection.query("select count(*) from analytics.a").scalar?.int == 3)
            await connection.close()
        }
    }

    @Test("a snapshot keeps what rows were")
    func snapshot() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "snapshots/s.sql": """
                    {% snapshot s %}
                    {{ config(target_schema='history', unique_key='id', strategy='check', check_cols=['state']) }}
                    select * from public.orders
                    {% endsnapshot %}
                    """
                ], database: database.options)
            let connection = try await database.connect()
            try await connection.execute(
                "create table public.orders (id int, state text); insert into public.orders values (1, 'new'), (2, 'new')")
            for statement in ["select 1", "update public.orders set state = 'paid' where id = 1"] {
                try await connection.execute(statement)
                let results = try await project.run(.snapshot)
                #expect(results.isSuccess, "\(results.results.compactMap(\.message))")
            }
            let rows = try await connection.query(
                "select id || state || (dbt_valid_to is null) from history.s order by id, dbt_valid_from")
            #expect(rows.compactMap { $0[0].string } == ["1newfalse", "1paidtrue", "2newtrue"])
            await connection.close()
        }
    }

    @Test("a materialized view, a contract and grants")
    func others() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/mv.sql": "{{ config(materialized='materialized_view') }} select 1 as id",
                    "models/kept.sql":
                        "{{ config(materialized='table', grants={'select': ['public']}) }} select 1 as id, 'x'::text as name",
                    "models/broken.sql": "{{ config(materialized='table') }} select 'x'::text as id",
                    "models/schema.yml": """
                    models:
                      - name: kept
                        config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
                        description: It's kept.
                        columns:
                          - {name: id, data_type: integer, description: The key., constraints: [{type: not_null}]}
                          - {name: name, data_type: text}
                      - name: broken
                        config: {contract: {enforced: true}}
                        columns: [{name: id, data_type: integer}]
                    """,
                ], database: database.options)
            let results = try await project.run(.run)
            #expect(
                results.statuses == ["mv": .success, "kept": .success, "broken": .error],
                "\(results.results.compactMap(\.message))")
            #expect(results.result("broken")?.message?.contains("enforced contract") ?? false)
            let connection = try await database.connect()
            let comment = try await connection.query("select obj_description('analytics.kept'::regclass)")
            #expect(comment.scalar?.string == "It's kept.")
            let required = try await connection.query(
                "select attnotnull from pg_attribute where attrelid = 'analytics.kept'::regclass and attname = 'id'")
            #expect(required.scalar?.bool ?? false)
            await connection.close()
        }
    }

    @Test("a failing on-run-end hook fails the run and keeps the results")
    func failingHook() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                ["dbt_project.yml": "name: shop\nprofile: shop\non-run-end: select nothing\n", "models/a.sql": "select 1 as id"],
                database: database.options)
            let results = try await project.run(.run)
            #expect(!results.isSuccess)
            #expect(results.statuses["a"] == .success)
            #expect(results.results.last?.error?.message == "column \"nothing\" does not exist")
        }
    }
}

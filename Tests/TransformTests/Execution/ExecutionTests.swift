import Diagnostics
import Documents
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Transform

struct ExecutionTests {
    @Test("refuses a name that PostgreSQL would cut")
    func longName() async throws {
        try await withTestDatabase { database in
            let long = String(repeating: "x", count: 64)
            let project = try TestProject(
                [
                    "models/\(long).sql": "select 1 as one",
                    "models/short.sql": "{{ config(alias='\(long.dropLast())') }} select 1 as one",
                ],
                database: database.options)
            let results = try await project.run(.run)
            #expect(results.statuses == [long: .error, "short": .success])
            #expect(results.result(long)?.error?.message.contains("has 64 bytes") == true)
        }
    }

    @Test("builds seeds, views, tables and tests, twice")
    func build() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "seeds/countries.csv":
                        "code,name,since,size\nnl,Netherlands,1815-03-16,41.5\nxx,,,\n\"q\"\"x\",\"a, b\",2000-01-01,2\n",
                    "models/base.sql": "{{ config(materialized='ephemeral') }} select * from {{ ref('countries') }}",
                    "models/v.sql": "select code, name from {{ ref('base') }}",
                    "models/t.sql":
                        "{{ config(materialized='table', indexes=[{'columns': ['code'], 'unique': true}]) }} with x as (select 1) select v.* from {{ ref('v') }} v, x",
                    "models/schema.yml": "models: [{name: t, columns: [{name: code, data_tests: [unique, not_null]}]}]",
                ], database: database.options)
            for round in 1...2 {
                let results = try await project.run(.build)
                #expect(results.isSuccess, "round \(round): \(results.results.compactMap(\.message))")
                #expect(
                    results.statuses == [
                        "countries": .success, "v": .success, "t": .success, "unique_t_code": .pass, "not_null_t_code": .pass,
                    ])
                #expect(results.result("countries")?.message == "INSERT 3")
                #expect(results.result("t")?.message == "SELECT 3")
                #expect(results.result("v")?.message == "CREATE VIEW")
            }
            let connection = try await database.connect()
            let rows = try await connection.query("select code, name, since::text, size from analytics.countries order by code")
            #expect(rows.count == 3)
            #expect(rows[0]["since"]?.string == "1815-03-16")
            #expect(rows[1]["code"]?.string == "q\"x")
            #expect(rows[2]["name"]?.isNull ?? false)
            let indexes = try await connection.query(
                "select count(*) from pg_indexes where schemaname = 'analytics' and tablename = 't'")
            #expect(indexes.scalar?.int == 1)
            let leftovers = try await connection.query(
                "select count(*) from pg_class where relname like '%\\_\\_dbt\\_%' and relkind in ('r', 'v')")
            #expect(leftovers.scalar?.int == 0)
            await connection.close()
            #expect(try project.read("target/compiled/shop/models/v.sql").contains("with __dbt__cte__base as ("))
            #expect(try project.read("target/run/shop/models/t.sql").contains("create"))
            let manifest = try JSON(parsing: project.read("target/manifest.json"))
            #expect(manifest["nodes"]?["model.shop.t"]?["compiled"] == true)
            let runResults = try JSON(parsing: project.read("target/run_results.json"))
            #expect(runResults["results"]?.array?.count == 5)
        }
    }

    @Test("a failing test fails the build, shows rows, and skips what depends on its model")
    func failingTest() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "select n as id, null::text as note from generate_series(1, 8) n union all select 1, 'x'",
                    "models/b.sql": "select * from {{ ref('a') }}", "models/c.sql": "select * from {{ ref('b') }}",
                    "models/other.sql": "select 1 as id",
                    "models/schema.yml": """
                    models:
                      - name: a
                        columns:
                          - {name: id, data_tests: [unique]}
                          - {name: note, data_tests: [{not_null: {config: {severity: warn}}}]}
                    """,
                ], database: database.options)
            let results = try await project.run(.build)
            #expect(!results.isSuccess)
            #expect(
                results.statuses == [
                    "a": .success, "other": .success, "unique_a_id": .fail, "not_null_a_note": .warn, "b": .skipped,
                    "c": .skipped,
                ])
            let test = try #require(results.result("unique_a_id"))
            #expect(test.failures == 1)
            #expect(test.message == "Got 1 result, configured to fail if != 0")
            #expect(test.failingRows == .init(columns: ["unique_field", "n_records"], rows: [["1", "2"]]))
            #expect(test.compiledPath == "target/compiled/shop/models/schema.yml/unique_a_id.sql")
            #expect(results.result("not_null_a_note")?.failingRows?.rows.count == 5)
            #expect(results.result("c")?.skippedBecauseOf == test.id)
            #expect(results.result("b")?.message?.contains("unique_a_id") ?? false)
        }
    }

    @Test("an error of the database points into the template and skips what depends on it")
    func databaseError() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql":
                        "{{ config(materialized='table') }}\nselect\n    {{ 'on' }}e_columm\nfrom (select 1 as one_column) x",
                    "models/b.sql": "select * from {{ ref('a') }}", "models/c.sql": "select 1 as fine",
                ], database: database.options)
            let results = try await project.run(.run)
            #expect(results.statuses == ["a": .error, "b": .skipped, "c": .success])
            let error = try #require(results.result("a")?.error)
            #expect(error.location?.description == "models/a.sql:3:8")
            #expect(error.details.contains("in the compiled SQL at target/compiled/shop/models/a.sql:3:5"))
            #expect(error.message == "column \"one_columm\" does not exist")
            #expect(results.result("a")?.message?.hasPrefix("Database Error in model a (models/a.sql)") ?? false)
        }
    }

    @Test("singular tests, limits, thresholds and where count")
    func testSettings() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "select n as id, n % 3 as kind from generate_series(1, 9) n",
                    "tests/few.sql": "{{ config(error_if='>5', warn_if='>2') }} select * from {{ ref('a') }} where id > 6",
                    "tests/capped.sql": "{{ config(limit=2) }} select * from {{ ref('a') }}",
                    "tests/kept.sql": "{{ config(store_failures=true) }} select * from {{ ref('a') }} where kind = 0",
                    "models/schema.yml": """
                    models:
                      - name: a
                        columns:
                          - name: kind
                            data_tests:
                              - accepted_values: {arguments: {values: [0, 1], quote: false}, config: {where: kind < 2}}
                              - accepted_values: {name: sum_of_twos, values: [0, 1], config: {fail_calc: sum(n_records)}}
                    """,
                ], database: database.options)
            let results = try await project.run(.build)
            #expect(results.statuses["few"] == .warn)
            #expect(results.result("few")?.failures == 3)
            #expect(results.result("capped")?.failures == 2)
            #expect(results.statuses["accepted_values_a_kind__False__0__1"] == .pass)
            #expect(results.result("sum_of_twos")?.failures == 3)
            #expect(results.result("kept")?.failures == 3)
            let connection = try await database.connect()
            let kept = try await connection.query("select count(*) from analytics_dbt_test__audit.kept")
            #expect(kept.scalar?.int == 3)
            await connection.close()
        }
    }

    @Test("hooks run before and after, inside of the transaction and outside")
    func hooks() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "dbt_project.yml": """
                    name: shop
                    profile: shop
                    on-run-start: ["create table if not exists public.log (what text)", "insert into public.log values ('start {{ target.name }}')"]
                    on-run-end: "insert into public.log values ('end {{ results | length }} {{ schemas | join }}')"
                    """,
                    "models/a.sql": """
                    {{ config(materialized='table', pre_hook="insert into public.log values ('pre {{ this.name }}')",
                        post_hook=[after_commit("vacuum {{ this }}"), "insert into public.log values ('post')"]) }}
                    select 1 as id
                    """,
                ], database: database.options)
            let results = try await project.run(.run)
            #expect(results.isSuccess, "\(results.results.compactMap(\.message))")
            let connection = try await database.connect()
            let log = try await connection.query("select what from public.log").decode(as: (String).self)
            #expect(log.map { $0 } == ["start dev", "pre a", "post", "end 1 analytics"])
            await connection.close()
        }
    }

    @Test("an incremental model appends, and a table becomes a view when it is asked to")
    func changes() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "{{ config(materialized='table') }} select 1 as id",
                    "models/b.sql": "select * from {{ ref('a') }}",
                ], database: database.options)
            #expect(try await project.run(.run).isSuccess)
            try project.write("{{ config(materialized='view') }} select 2 as id", to: "models/a.sql")
            try project.write("{{ config(materialized='table') }} select * from {{ ref('a') }}", to: "models/b.sql")
            let results = try await project.run(.run)
            #expect(results.isSuccess, "\(results.results.compactMap(\.message))")
            let connection = try await database.connect()
            #expect(try await connection.query("select id from analytics.b").scalar?.int == 2)
            await connection.close()
        }
    }

    @Test("macros see the warehouse: run_query, adapter, graph, modules")
    func introspection() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql":
                        "{{ config(materialized='table') }} select 1 as id, 'x'::varchar(7) as name, 1.5::numeric(6, 2) as price",
                    "models/b.sql": """
                    {% set relation = ref('a') %}
                    {% set columns = adapter.get_columns_in_relation(relation) %}
                    {% set rows = run_query('select 3 as n union all select 4 order by 1') %}
                    select '{{ columns | map(attribute='data_type') | join('|') }}' as types,
                        {% if execute %}{{ rows.columns['n'].values() | sum }}{% else %}0{% endif %} as total,
                        '{{ load_relation(relation).type }}' as kind,
                        '{{ modules.datetime.date(2024, 2, 29).strftime('%d.%m.%Y') }}' as day,
                        '{{ modules.re.sub('o+', '0', 'foo') }}' as text,
                        {{ graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list | length }} as models,
                        '{{ local_md5('x') }}' as digest,
                        '{{ tojson({'a': [1, none, true]}) }}' as json
                    """,
                ], database: database.options)
            let results = try await project.run(.run)
            #expect(results.isSuccess, "\(results.results.compactMap(\.message))")
            let connection = try await database.connect()
            let row = try await connection.query("select * from analytics.b")[0]
            #expect(row["types"]?.string == "integer|character varying(7)|numeric(6,2)")
            #expect(row["total"]?.int == 7)
            #expect(row["kind"]?.string == "table")
            #expect(row["day"]?.string == "29.02.2024")
            #expect(row["text"]?.string == "f0")
            #expect(row["models"]?.int == 2)
            #expect(row["digest"]?.string == "9dd4e461268c8034f5c8564e155c67a6")
            #expect(row["json"]?.string == #"{"a": [1, null, true]}"#)
            await connection.close()
        }
    }

    @Test("a seed that does not fit its types names file, line and column")
    func badSeed() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "dbt_project.yml": "name: shop\nprofile: shop\nseeds: {shop: {s: {+column_types: {b: integer}}}}\n",
                    "seeds/s.csv": "a,b\nx,1\ny,oops\n",
                ], database: database.options)
            let results = try await project.run(.seed)
            let result = try #require(results.result("s"))
            #expect(result.status == .error)
            #expect(result.error?.location?.description == "seeds/s.csv:3:3")
        }
    }

    @Test("cancelling stops the statements on the server")
    func cancel() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/slow.sql": "{{ config(materialized='table') }} select 1 as x from pg_sleep(3600)",
                    "models/slower.sql": "{{ config(materialized='table') }} select 1 as x from pg_sleep(3600)",
                    "models/after.sql": "select * from {{ ref('slow') }}",
                ], database: database.options)
            let session = try await project.load()
            let plan = try session.plan(.run)
            let task = Task { try await session.execute(plan) { _ in } }
            let watcher = try await database.connect()
            let count =
                "select count(*) from pg_stat_activity where query like '%pg_sleep(3600)%' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()"
            var attempts = 0
            while try await watcher.query(count).scalar?.int != 2, attempts < 15_000 {
                attempts += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(attempts < 15_000)
            let start = ContinuousClock.now
            task.cancel()
            let results = try await task.value
            #expect(ContinuousClock.now - start < .seconds(300))
            #expect(results.statuses["slow"] == .error)
            #expect(results.statuses["after"] == .skipped)
            #expect(try await watcher.query(count).scalar?.int == 0)
            await watcher.close()
        }
    }

    @Test("single nodes run for a scheduler of its own, a few at a time")
    func singleNodes() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                ["models/a.sql": "select 1 as id", "models/b.sql": "select 1 as id", "models/c.sql": "select 1 as id"],
                database: database.options, threads: 2)
            let session = try await project.load()
            let plan = try session.plan(.build)
            try await session.prepare(plan)
            let results = await withTaskGroup(of: NodeResult.self) { group in
                for id in plan.ids { group.addTask { await session.runNode(id) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.map(\.status) == [.success, .success, .success])
            #expect(Set(results.map(\.thread)).isSubset(of: ["Thread-1", "Thread-2"]))
            await session.finish(InvocationResults(results: results))
            #expect(try project.read("target/run_results.json").contains("model.shop.c"))
        }
    }

    @Test("a server that cannot be reached is an error before anything runs")
    func unreachable() async throws {
        let project = try TestProject(["models/a.sql": "select 1"])
        let session = try await project.load()
        let plan = try session.plan(.run)
        await #expect(throws: PostgresError.self) { _ = try await session.execute(plan) { _ in } }
    }

    @Test("statements carry dbt's comment")
    func comment() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "select current_query() as q",
                    "models/b.sql": "{{ config(materialized='table') }} select q from {{ ref('a') }}",
                ],
                database: database.options)
            #expect(try await project.run(.run).isSuccess)
            let connection = try await database.connect()
            let query = try await connection.query("select q from analytics.b").scalar?.string
            #expect(
                query?.hasPrefix(
                    #"/* {"app": "dbt", "dbt_version": "1.12.0", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.b"} */"#
                )
                    ?? false)
            await connection.close()
        }
    }
}

import Synchronization
import TestSupport
import Testing
import Transform

@Suite("Failing fast")
struct FailFastTests {
    /// One model fails, as soon as another one is at work on something that takes ten minutes.
    private func project(_ database: TestDatabase) throws -> TestProject {
        try TestProject(
            [
                "dbt_project.yml": """
                name: shop
                profile: shop
                on-run-start: |
                  create function public.fail_beside_sleeper() returns int language plpgsql as $$ begin
                    for round in 1..20000 loop
                      perform pg_stat_clear_snapshot();
                      exit when exists (
                        select from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_sleep(600)%');
                      perform pg_sleep(0.02);
                    end loop;
                    raise 'failed';
                  end $$
                """,
                "models/slow.sql": "{{ config(materialized='table') }} select 1 as n from pg_sleep(600)",
                "models/wrong.sql": "{{ config(materialized='table') }} select public.fail_beside_sleeper() as n",
                "models/later.sql": "select * from {{ ref('slow') }}",
            ], database: database.options, threads: 2)
    }

    @Test("stops on the server what is under way, and skips it and the rest")
    func cancels() async throws {
        try await withTestDatabase { database in
            let project = try project(database)
            let session = try await project.load { $0.failFast = true }
            let cancelled = Mutex<[String]>([])
            let results = try await session.execute(session.plan(.run)) { event in
                if case .cancelled(let id) = event { cancelled.withLock { $0.append(id.rawValue) } }
            }
            #expect(results.statuses.filter { $0.value != .success } == ["wrong": .error, "slow": .skipped, "later": .skipped])
            #expect(results.result("slow")?.message == "Skipping due to fail_fast")
            #expect(cancelled.withLock { $0 } == ["model.shop.slow"])
            #expect(!results.isSuccess)
        }
    }

    @Test("is not the rule: a failure leaves the others alone")
    func othersGoOn() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a_wrong.sql": "select 1/0 as n from nowhere", "models/b.sql": "select 1 as n",
                    "models/c.sql": "select * from {{ ref('b') }}",
                ], database: database.options, threads: 2)
            let results = try await project.run(.run)
            #expect(results.statuses == ["a_wrong": .error, "b": .success, "c": .success])
        }
    }
}

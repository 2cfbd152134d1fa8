import Synchronization
import TestSupport
import Testing
import Transform

@Suite("Connections of a run")
struct ConnectionTests {
    /// What was sent to the server, and what was said of connections.
    private final class Record: Sendable {
        let statements = Mutex<[String]>([])
        let connections = Mutex<[String]>([])

        func take(_ event: TransformEvent) {
            switch event {
            case .statement(_, let sql): statements.withLock { $0.append(sql) }
            case .connected(let id): connections.withLock { $0.append("open \(id?.rawValue ?? "master")") }
            case .reused(let id, let before):
                connections.withLock { $0.append("\(before?.rawValue ?? "master") -> \(id?.rawValue ?? "master")") }
            case .disconnected(let id): connections.withLock { $0.append("close \(id?.rawValue ?? "master")") }
            default: break
            }
        }
    }

    @Test("what exists in all schemas of the database is asked for once")
    func cache() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/a.sql": "{{ config(schema='one') }} select 1 as n",
                    "models/b.sql": "{{ config(schema='two', materialized='table') }} select * from {{ ref('a') }}",
                    "models/c.sql": "{{ config(schema='three') }} select * from {{ ref('b') }}",
                    "snapshots/s.yml":
                        "snapshots: [{name: s, relation: ref('c'), config: {strategy: check, check_cols: all, unique_key: n}}]",
                ], database: database.options)
            for _ in 1...2 {
                let session = try await project.load { $0.observesStatements = true }
                let record = Record()
                let results = try await session.execute(session.plan(.build)) { record.take($0) }
                #expect(results.isSuccess)
                let questions = record.statements.withLock { $0 }.filter { $0.contains("pg_catalog.pg_rewrite") }
                #expect(questions.count == 1)
                for schema in ["analytics_one", "analytics_two", "analytics_three", "analytics"] {
                    #expect(questions.first?.contains("'\(schema)'") ?? false)
                }
            }
        }
    }

    @Test("a connection is opened once for each thread, serves one node after the other, and is closed in the end")
    func reuse() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                ["models/a.sql": "select 1 as n", "models/b.sql": "select * from {{ ref('a') }}"], database: database.options,
                threads: 1)
            let session = try await project.load { $0.observesStatements = true }
            let record = Record()
            _ = try await session.execute(session.plan(.run)) { record.take($0) }
            #expect(
                record.connections.withLock { $0 } == [
                    "open master", "master -> model.shop.a", "model.shop.a -> model.shop.b", "close model.shop.b",
                ])
        }
    }

    @Test("models run at the same time, each on a connection of its own")
    func parallel() async throws {
        try await withTestDatabase { database in
            // Each goes on only when all three have begun, and fails where the others do not come for minutes.
            let definitions = """
                name: shop
                profile: shop
                on-run-start:
                  - create sequence public.begun
                  - |
                    create function public.meet() returns int language plpgsql as $$ begin
                      perform nextval('public.begun');
                      for round in 1..20000 loop
                        if (select last_value from public.begun) >= 3 then return round; end if;
                        perform pg_sleep(0.02);
                      end loop;
                      raise 'nobody came';
                    end $$
                """
            let model = "{{ config(materialized='table') }} select public.meet() as n"
            let project = try TestProject(
                [
                    "dbt_project.yml": definitions, "models/a.sql": model, "models/b.sql": model, "models/c.sql": model,
                ], database: database.options, threads: 3)
            let results = try await project.run(.run)
            #expect(results.isSuccess)
            #expect(Set(results.results.filter { $0.id.rawValue.hasPrefix("model") }.map(\.thread)).count == 3)
        }
    }
}

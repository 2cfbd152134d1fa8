import Postgres
import TestSupport
import Testing

@testable import Transform

/// The server ends a deadlock by undoing one side; here it is always the node, as the other side never looks for one.
@Suite("Deadlocks") struct DeadlockTests {
    /// Waits inside of the server, so that no test sleeps.
    private static func wait(until condition: String) -> String {
        """
        do $wait$ begin
          while not (\(condition)) loop perform pg_sleep(0.01); end loop;
        end $wait$
        """
    }

    private static let isLeftSettled =
        "exists (select from public.done)"
        + " or exists (select from pg_locks where not granted and relation = 'public.a'::regclass)"

    private static func setUp(_ database: TestDatabase) async throws -> Connection {
        let connection = try await database.connect()
        try await connection.execute(
            """
            create table public.a (x int); create table public.b (x int);
            create table public.done (x int); create table public.audit (x int);
            set deadlock_timeout = '5min'
            """)
        return connection
    }

    /// Holds `b`, and asks for `a` once the node holds it.
    private static func meet(_ connection: Connection) async throws {
        try await connection.execute("begin; lock table public.b in access exclusive mode")
        try await connection.execute(
            wait(until: "exists (select from pg_locks where granted and relation = 'public.a'::regclass)"))
        try await connection.execute("lock table public.a in access exclusive mode; insert into public.done values (1); commit")
    }

    private static func project(_ database: TestDatabase, model: String) throws -> TestProject {
        try TestProject(
            [
                "models/m.sql": model,
                "macros/meet.sql": """
                {% macro meet() %}lock table public.a in access exclusive mode;
                \(wait(until: isLeftSettled)){% endmacro %}
                """,
            ], database: database.options)
    }

    @Test("a node that the server has undone begins again, and nothing is doubled")
    func startsOver() async throws {
        try await withTestDatabase { database in
            let connection = try await Self.setUp(database)
            let project = try Self.project(
                database,
                model: """
                    {{ config(materialized='table', pre_hook=['insert into public.audit values (1)', '{{ meet() }}']) }}
                    select 1 as one from (select count(*) from public.b) x
                    """)
            async let other: Void = Self.meet(connection)
            let results = try await project.run(.run)
            try await other
            #expect(results.statuses == ["m": .success], "\(results.results.compactMap(\.message))")
            let rows = try await connection.query("select (select count(*) from public.audit), count(*) from analytics.m")
            #expect(rows[0][0].int == 1)
            #expect(rows[0][1].int == 1)
            await connection.close()
        }
    }

    @Test("a node that has committed something does not begin again")
    func committed() async throws {
        try await withTestDatabase { database in
            let connection = try await Self.setUp(database)
            let project = try Self.project(
                database,
                model: """
                    {{ config(materialized='table',
                      pre_hook=[before_begin('insert into public.audit values (1)'), '{{ meet() }}']) }}
                    select 1 as one from (select count(*) from public.b) x
                    """)
            async let other: Void = Self.meet(connection)
            let results = try await project.run(.run)
            try await other
            #expect(results.statuses == ["m": .error])
            #expect(results.result("m")?.message?.contains("deadlock detected") == true)
            #expect(try await connection.query("select count(*) from public.audit").scalar?.int == 1)
            await connection.close()
        }
    }

    @Test("what replaced a relation is dropped again where a deadlock has kept it")
    func drop() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(["models/m.sql": "select 1 as one"], database: database.options)
            #expect(try await project.run(.run).isSuccess)
            let connection = try await Self.setUp(database)
            // The drop locks the old view and then waits for what is built on it. A server looks once for a deadlock, this long after
            // the wait began: by then the other side must be there, however busy the machine is.
            try await connection.execute("alter database \(database.name) set deadlock_timeout = '10s'")
            try await connection.execute("create view public.dependent as select * from analytics.m")
            let old = try #require(try await connection.query("select 'analytics.m'::regclass::oid::text").scalar?.string)
            async let other: Void = {
                try await connection.execute("begin; comment on view public.dependent is 'held'")
                try await connection.execute(
                    Self.wait(
                        until:
                            "exists (select from pg_locks where granted and mode = 'AccessExclusiveLock' and relation = \(old))"
                            + " and exists (select from pg_locks where not granted and relation = 'public.dependent'::regclass)"))
                try await connection.execute("lock table analytics.m__dbt_backup in access share mode; commit")
            }()
            let results = try await project.run(.run)
            try await other
            #expect(results.statuses == ["m": .success], "\(results.results.compactMap(\.message))")
            let left = try await connection.query(
                "select string_agg(relname, ' ' order by relname) from pg_class where relkind = 'v' and relnamespace in ('public'::regnamespace, 'analytics'::regnamespace)"
            )
            #expect(left.scalar?.string == "m")
            await connection.close()
        }
    }

    @Test("many views with shared dependents are replaced side by side")
    func manyViews() async throws {
        try await withTestDatabase { database in
            var files: [String: String] = [:]
            for parent in 0..<12 { files["models/p\(parent).sql"] = "select \(parent) as x" }
            for child in 0..<24 {
                let parents = (0..<4).map { "{{ ref('p\((child * 5 + $0 * 3) % 12)') }}" }
                files["models/c\(child).sql"] = "select * from " + parents.joined(separator: " union all select * from ")
            }
            let project = try TestProject(files, database: database.options, threads: 8)
            for _ in 1...3 {
                let results = try await project.run(.run)
                #expect(results.isSuccess, "\(results.results.filter { $0.status == .error }.compactMap(\.message))")
                #expect(results.results.count == 36)
            }
        }
    }

    @Test("a schema that another session creates in the same moment is there, and no error")
    func schema() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let project = try TestProject(["models/m.sql": "select 1 as one"], database: database.options)
            try await connection.execute("begin; create schema analytics")
            async let other: Void = {
                let isAwaited =
                    "exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid)"
                try await connection.execute(Self.wait(until: isAwaited) + "; commit")
            }()
            let results = try await project.run(.run)
            try await other
            #expect(results.statuses == ["m": .success], "\(results.results.compactMap(\.message))")
            await connection.close()
        }
    }
}

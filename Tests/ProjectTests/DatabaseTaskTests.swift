import Documents
import Foundation
import Postgres
import TestSupport
import Testing

/// `sql` and `wait_for` beside a real PostgreSQL.
@Suite("Tasks on databases")
struct DatabaseTaskTests {
    private func project(_ database: TestDatabase, _ tasks: String) throws -> ScratchProject {
        let options = database.options
        let lines = tasks.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        return try ScratchProject(
            """
            name: demo
            version: 1
            destinations:
              wh:
                connector: postgres
                config:
                  host: localhost
                  port: \(options.port)
                  database: \(database.name)
                  username: \(options.user)
                  password: \(JSON.string(options.password ?? "").text())
                  schema: public
            pools: {one: 1}
            pipelines:
              p:
                max_active_tasks: 1
                tasks:
            \(lines)
            """)
    }

    private func tasks(_ project: ScratchProject) async throws -> [String: JSON] {
        var tasks: [String: JSON] = [:]
        for task in try await project.json("run", "show", "p")["tasks"]?.array ?? [] {
            tasks[task["task"]?.string ?? ""] = task
        }
        return tasks
    }

    @Test("SQL is rendered, its rows are outputs, and a condition waits without holding up what makes it true")
    func works() async throws {
        try await withTestDatabase { database in
            let project = try project(
                database,
                """
                make: {sql: "create table t (day date, n int); insert into t values ('{{ ds }}', 1), ('{{ ds }}', 2)"}
                hold: {wait_for: {sql: "select count(*) = 3 from t", every: 100ms}, after: make, timeout: 60s, pool: one}
                read: {sql: {query: "select sum(n) as n from t", on: wh}, after: make, pool: one}
                say: {command: "echo {{ outputs.read.rows[0].n }}", after: read}
                file: {sql: {file: q.sql}, after: say}
                third: {sql: "insert into t values ('2020-01-01', 3)", after: file}
                """)
            try "select '{{ ds_nodash }}' as d, count(*) as n from t\n".write(
                to: project.directory.appending(path: "q.sql"), atomically: true, encoding: .utf8)
            let run = try await project.run("run", "p")
            #expect(run.status == 0, "\(run.output) \(run.errors)")
            let tasks = try await tasks(project)
            #expect(tasks["make"]?["rows"]?.int == 2)
            #expect(tasks["say"]?["output"]?.int == 3)
            #expect(tasks["file"]?["output"]?["rows"]?[0]?["n"]?.string == "2")
            #expect(tasks["hold"]?["state"]?.string == "success")
        }
    }

    @Test("what the server refuses fails the task with its words and the place in leat.yml")
    func fails() async throws {
        try await withTestDatabase { database in
            let project = try project(database, "bad: {sql: \"select * from nowhere\"}\noff: {wait_for: {sql: \"select 1/0\"}}")
            let run = try await project.run("run", "p")
            #expect(run.status == 1 && run.output.contains("relation \"nowhere\" does not exist"), "\(run.output)")
            let tasks = try await tasks(project)
            #expect(tasks["bad"]?["error"]?["location"]?.string?.hasPrefix("leat.yml:") == true)
            #expect(tasks["off"]?["message"]?.string?.contains("division by zero") == true)
        }
    }

    @Test("a task that takes too long is ended on the server too")
    func timeout() async throws {
        try await withTestDatabase { database in
            let project = try project(database, "s: {sql: \"select pg_sleep(1000)\", timeout: 300ms}")
            let run = try await project.run("run", "p")
            #expect(run.status == 1 && run.output.contains("timed out after 300ms"), "\(run.output)")
            let connection = try await database.connect()
            let rows = try await connection.execute(
                "select count(*) from pg_stat_activity where query like '%pg_sleep(1000)%' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()"
            )
            #expect(rows.first?[0].string == "0")
            await connection.close()
        }
    }
}

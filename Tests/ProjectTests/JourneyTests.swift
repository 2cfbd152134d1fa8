import Documents
import Foundation
import Postgres
import Testing

/// What is tested with the binary as a whole: one test at a time, since each has two servers of its own.
@Suite("The program", .serialized, .timeLimit(.minutes(15)))
enum ProgramTests {}

extension ProgramTests {
    /// The main job, as a user does it: with the binary, on servers that it starts itself.
    @Suite("From a CSV file to tested marts")
    struct JourneyTests {
        @Test("the mart holds exactly the rows that follow from the CSV files, in dev and in prod")
        func result() async throws {
            try await withExample { example in
                let run = try await example.run("run", "transformations")
                #expect(run.status == 0, "\(run.output)\n\(run.errors)")
                try await Self.expectRightMart(in: example)

                let dev = try await example.run("dbt", "build", "--target", "dev")
                #expect(dev.status == 0, "\(dev.output)\n\(dev.errors)")
                #expect(
                    try await example.ask("select count(*) from dev_marts.project_engagement", example.warehouse) == [["998"]])

                // A model's tests as part of its own task: the same result, with a task for each model.
                try example.edit("leat.yml", replacing: "tests: after_each", with: "tests: build")
                let build = try await example.run("run", "transformations")
                #expect(build.status == 0, "\(build.output)\n\(build.errors)")
                try await Self.expectRightMart(in: example)
                let shown = try JSON(parsing: try await example.run("run", "show", "transformations", "--json").output)
                let tasks = (shown["tasks"]?.array ?? []).compactMap { $0["task"]?.string }
                #expect(tasks.contains("transformations.project_engagement") && tasks.count < 12, "\(tasks)")
                let events = try JSON(parsing: try await example.run("events", "--json").output).array ?? []
                let changed = Set(events.compactMap { event in event["name"]?.string })
                #expect(
                    changed.isSuperset(of: ["Clients", "clients.engagement_metrics", "project_engagement", "transformations"]))
            }
        }

        @Test("the landing table has the source's rows and columns, and the four of Airbyte")
        func landing() async throws {
            try await withExample { example in
                for generation in 1...2 {
                    let sync = try await example.run("sync", "Clients")
                    #expect(sync.status == 0, "\(sync.errors)")
                    let sql =
                        "select to_jsonb(t) - '{_airbyte_raw_id,_airbyte_extracted_at,_airbyte_meta,_airbyte_generation_id}'::text[] from %@ t order by 1"
                    let landed = try await example.ask(
                        sql.replacing("%@", with: "clients.engagement_metrics"), example.warehouse)
                    let source = try await example.ask(
                        sql.replacing("%@", with: "public.engagement_metrics"), example.clients)
                    #expect(landed == source)
                    #expect(landed.count == 1000)
                    let meta = try await example.ask(
                        """
                        select count(distinct _airbyte_raw_id), count(_airbyte_extracted_at), count(_airbyte_meta),
                            min(_airbyte_generation_id), max(_airbyte_generation_id) from clients.engagement_metrics
                        """, example.warehouse)
                    #expect(meta == [["1000", "1000", "1000", "\(generation)", "\(generation)"]])
                }
            }
        }

        @Test("killed at any point of a run, the next run succeeds with the same result")
        func killedAnywhere() async throws {
            try await withExample { example in
                #expect(try await example.run("run", "transformations").status == 0)
                // A run of 38 tasks has 78 lines: one for its start, two for each task, one for its end.
                for lines in [1, 2, 3, 5, 8, 20, 40, 60] {
                    let victim = try example.start("run", "transformations")
                    try await Self.wait(upTo: 600) { victim.outputSoFar.count { $0 == "\n" } >= lines }
                    victim.send(SIGKILL)
                    #expect(try await victim.ended().wasKilled, "the run was over before it was killed at line \(lines)")
                }
                let again = try await example.run("run", "transformations")
                #expect(again.status == 0, "\(again.output)\n\(again.errors)")
                try await Self.expectRightMart(in: example)
                try await Self.expectNoLeftovers(in: example)
            }
        }

        @Test("killed in the middle of the very first run, the next one succeeds")
        func killedAtFirst() async throws {
            try await withExample { example in
                for milliseconds in [150, 400, 800] {
                    let victim = try example.start("run", "transformations")
                    try await Task.sleep(for: .milliseconds(milliseconds))
                    victim.send(SIGKILL)
                    _ = try await victim.ended()
                }
                let again = try await example.run("run", "transformations")
                #expect(again.status == 0, "\(again.output)\n\(again.errors)")
                try await Self.expectRightMart(in: example)
            }
        }

        @Test("Ctrl-C stops within a second, cancels the query on the server, and leaves no process")
        func interrupted() async throws {
            try await withExample { example in
                #expect(try await example.run("sync", "Clients").status == 0)
                try example.edit(
                    "dbt/superside/models/marts/fct_engagement_metrics.sql", replacing: "from engagement_metrics\n",
                    with: "from engagement_metrics cross join (select pg_sleep(3600)) as pause\n")
                let run = try example.start("run", "transformations")
                let running =
                    "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(3600)%' and pid <> pg_backend_pid()"
                try await Self.wait(upTo: 600) { try await example.ask(running, example.warehouse) == [["1"]] }

                // Far less than the hour that the query takes; how much exactly is the machine's affair.
                let asked = ContinuousClock.now
                run.send(SIGINT)
                let ended = try await run.ended()
                #expect(ContinuousClock.now - asked < .seconds(300))
                #expect(ended.status == 130)
                #expect(ended.output.contains("cancelled"))
                #expect(try await example.ask(running, example.warehouse) == [["0"]])
                #expect(Self.children(of: run.processID).isEmpty)
                let sessions = "select count(*) from pg_stat_activity where datname = 'warehouse' and pid <> pg_backend_pid()"
                try await Self.wait(upTo: 10) { try await example.ask(sessions, example.warehouse) == [["0"]] }
            }
        }

        // MARK: -

        /// Compares every row and column with what follows from the CSV files.
        static func expectRightMart(in example: ExampleCopy) async throws {
            let expected = try ExpectedProjectEngagement(
                engagements: example.directory.appending(path: "source_data/engagement_metrics_raw.csv"),
                projects: example.directory.appending(path: "dbt/superside/seeds/dim_project.csv"))
            let columns = try await example.ask(
                """
                select column_name from information_schema.columns
                where table_schema = 'marts' and table_name = 'project_engagement' order by ordinal_position
                """, example.warehouse)
            #expect(columns.compactMap(\.[0]) == expected.columns)
            let rows = try await example.ask(
                "select * from marts.project_engagement order by project_id, engagement_id", example.warehouse)
            #expect(rows.count == expected.rows.count)
            // Bytes, since two spellings of one accented letter are equal as text.
            let differing = zip(rows, expected.rows).filter {
                $0.map { $0.map { Array($0.utf8) } } != $1.map { $0.map { Array($0.utf8) } }
            }
            #expect(differing.isEmpty, "\(differing.prefix(2))")
        }

        /// Nothing is left in the warehouse of work that was cut off.
        static func expectNoLeftovers(in example: ExampleCopy) async throws {
            let leftovers = try await example.ask(
                """
                select schemaname, tablename from pg_tables
                where schemaname in ('clients', 'staging', 'intermediate', 'marts')
                    and tablename not in ('engagement_metrics', 'dim_project', 'fct_engagement_metrics', 'project_engagement')
                """, example.warehouse)
            #expect(leftovers == [])
        }

        /// Waits until `condition` holds, looking often.
        private static func wait(upTo seconds: Int, _ condition: () async throws -> Bool) async throws {
            let deadline = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < deadline {
                if try await condition() { return }
                try await Task.sleep(for: .milliseconds(4))
            }
            Issue.record("waited \(seconds) s in vain")
        }

        /// The processes whose parent is `processID`.
        private static func children(of processID: pid_t) -> [String] {
            let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return processes.filter { name in
                guard Int(name) != nil, let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                    let parent = stat.split(separator: ")").last?.split(separator: " ").dropFirst().first
                else { return false }
                return parent == "\(processID)"
            }
        }
    }
}

import Documents
import Foundation
import Testing

extension ProgramTests {
    /// What the commands say, and how they end.
    @Suite("The command line")
    struct CommandTests {
        @Test("a failing data test ends build and run with 1, and says test, file and rows, and what it skipped")
        func failingTest() async throws {
            try await withExample { example in
                try example.edit(
                    "dbt/superside/dbt_project.yml", replacing: "Customer Service, Strategy]", with: "Customer Service]")
                #expect(try await example.run("sync", "Clients").status == 0)

                let build = try await example.run("dbt", "build", "--target", "prod")
                #expect(build.status == 1)
                for text in [
                    "int_engagement_metrics_sub_service_in_set", "dbt/superside/target/compiled/", "Srategy",
                    "fct_engagement_metrics", "SKIP", "because of int_engagement_metrics_",
                ] {
                    #expect(build.output.contains(text), "\(text) is missing in:\n\(build.output)")
                }
                let run = try await example.run("run", "transformations")
                #expect(run.status == 1)
                for text in [
                    "int_engagement_metrics_sub_service_in_set", "dbt/superside/target/compiled/", "Srategy",
                    "skipped  transformations.fct_engagement_metrics.run",
                ] {
                    #expect(run.output.contains(text), "\(text) is missing in:\n\(run.output)")
                }
            }
        }

        @Test("JSON lines are JSON, one a line, and end with the run's end")
        func jsonLines() async throws {
            try await withExample { example in
                let run = try await example.run("run", "transformations", "--log-format", "json")
                #expect(run.status == 0, "\(run.errors)")
                let events = try run.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
                #expect(events.first?["event"]?.string == "run_started")
                #expect(events.last?["event"]?.string == "run_finished")
                #expect(events.last?["state"]?.string == "success")
                let finished = events.filter { $0["event"]?.string == "task_finished" }
                #expect(finished.count == 38)
                #expect(finished.allSatisfy { $0["state"]?.string == "success" })
            }
        }

        @Test(
            "what is used wrongly ends with 2 and says what to do",
            arguments: [
                (["run", "transformation"], "did you mean 'transformations'?"),
                (["sync", "Client"], "did you mean 'Clients'?"),
                (["query", "select 1", "--on", "warehous"], "did you mean 'warehouse'?"),
                (["runn"], "Usage"),
                (["dbt", "build", "--threads", "0"], "--threads must be at least 1"),
                (["dbt", "build", "--vars", "[1"], "String '[1' is not valid YAML"),
            ])
        func usedWrongly(arguments: [String], text: String) async throws {
            let example = try ExampleCopy()
            let ended = try await LeatProcess.run(arguments, in: example.directory, environment: example.environment)
            #expect(ended.status == 2, "\(ended.output)\(ended.errors)")
            #expect(ended.errors.contains(text), "\(ended.errors)")
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test("a misspelt key of leat.yml is an error with file, line, column and a suggestion")
        func misspeltKey() async throws {
            let example = try ExampleCopy()
            try example.edit("leat.yml", replacing: "max_active_runs", with: "max_activ_runs")
            let ended = try await example.run("run", "transformations")
            #expect(ended.status == 2)
            #expect(ended.errors.contains("did you mean 'max_active_runs'?"))
            #expect(ended.errors.contains(try Regex(#"leat\.yml:\d+:5: "#)))
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test(
            "a schedule that cannot be read is an error at its place",
            arguments: [
                ("cron: \"0 */6 * * *\"", "cron: \"0 */6 * *\"", "leat.yml:75:22"),
                ("timezone: UTC", "timezone: Europe/Berln", "did you mean 'Europe/Berlin'?"),
                ("{cron: \"0 */6 * * *\", timezone: UTC}", "{every: 6x}", "leat.yml:75:23"),
                ("start_date: 2024-01-01", "start_date: 2024-13-01", "leat.yml:76:17"),
            ])
        func badSchedule(valid: String, broken: String, text: String) async throws {
            let example = try ExampleCopy()
            try example.edit("leat.yml", replacing: valid, with: broken)
            let run = try await example.run("run", "transformations")
            #expect(run.status == 2)
            #expect(run.errors.contains(text), "\(run.errors)")
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test("servers that are not there are an error that says so, without the password")
        func noServer() async throws {
            let example = try ExampleCopy()
            var environment = example.environment
            environment["CLIENTS_PASSWORD"] = "hunter2"
            environment["WAREHOUSE_PASSWORD"] = "hunter2"
            for arguments in [["sync", "Clients"], ["run", "transformations"], ["dbt", "build"], ["query", "select 1"]] {
                let ended = try await LeatProcess.run(arguments, in: example.directory, environment: environment)
                // dbt ends with 2 where there are no results.
                #expect(ended.status == (arguments[0] == "dbt" ? 2 : 1), "\(arguments): \(ended.output)\(ended.errors)")
                let text = ended.output + ended.errors
                #expect(text.contains("\(example.warehousePort)") || text.contains("\(example.clientsPort)"), "\(text)")
                #expect(!text.contains("hunter2"))
            }
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test(
            "a mistake in leat.yml ends a run with 2, before anything is touched, at its place",
            arguments: [
                ("connector: postgres", "connector: postgress", "leat.yml:22:3: "),
                ("username: clients", "usrname: clients", "did you mean 'username'?"),
                ("project: dbt/superside", "project: dbt/supersid", "there is no dbt_project.yml in 'dbt/supersid'"),
            ])
        func mistakes(valid: String, broken: String, text: String) async throws {
            let example = try ExampleCopy()
            try example.edit("leat.yml", replacing: valid, with: broken)
            let run = try await example.run("run", "transformations", "--log-format", "json")
            #expect(run.status == 2)
            #expect(run.errors.contains(text), "\(run.errors)")
            let event = try JSON(parsing: run.output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(event["event"]?.string == "error")
            #expect(event["code"]?.string?.isEmpty == false)
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test("what only connections need is not asked for where services are meant")
        func servicesAlone() async throws {
            let example = try ExampleCopy()
            try example.edit(
                "leat.yml", replacing: "env_var('CLIENTS_PASSWORD', 'clients')", with: "env_var('LEAT_TEST_UNSET')")
            #expect(try await example.run("status").status == 0)
            let run = try await example.run("run", "transformations")
            #expect(run.status == 2)
            #expect(run.errors.contains("'LEAT_TEST_UNSET' is not set"))
            try FileManager.default.removeItem(at: example.directory)
        }

        @Test("a hook at the end that fails, fails the run and says why")
        func closingHook() async throws {
            try await withExample { example in
                try example.edit(
                    "dbt/superside/dbt_project.yml", replacing: "profile: superside",
                    with: """
                        profile: superside
                        on-run-end: ["create schema if not exists hooked", "insert into nowhere values (1)"]
                        """)
                let run = try await example.run("run", "transformations")
                #expect(run.status == 1)
                for text in ["✗ transformations.on_run_end", "relation \"nowhere\" does not exist", "38 succeeded, 1 failed"] {
                    #expect(run.output.contains(text), "\(text) is missing in:\n\(run.output)")
                }
                let made = "select count(*) from pg_namespace where nspname = 'hooked'"
                #expect(try await example.ask(made, example.warehouse) == [["1"]])
            }
        }

        @Test("Ctrl-C counts from the first moment on, and libpq's environment does not lead elsewhere")
        func earlyInterrupt() async throws {
            try await withExample { example in
                var environment = example.environment
                environment["PGHOSTADDR"] = "10.255.255.1"
                environment["PGSERVICE"] = "nowhere"
                environment["PGDATESTYLE"] = "German"
                let query = try await LeatProcess.run(
                    ["query", "select date '2024-01-31' as day", "--format", "csv"], in: example.directory,
                    environment: environment)
                #expect(query.output == "day\n2024-01-31\n", "\(query.errors)")
                for milliseconds in [2, 5, 10, 15, 20, 30, 50, 80] {
                    let process = try example.start("query", "select pg_sleep(3600)")
                    try await Task.sleep(for: .milliseconds(milliseconds))
                    let asked = ContinuousClock.now
                    process.send(SIGINT)
                    let ended = try await process.ended()
                    #expect(ended.wasKilled || ended.status == 130)
                    #expect(ContinuousClock.now - asked < .seconds(300))
                }
            }
        }

        @Test("query answers with a table, with JSON lines whose values have their types, and with CSV")
        func query() async throws {
            try await withExample { example in
                let sql = """
                    select 12000.00::numeric(12, 2) as rate, true as open, 'a "b", c' as name, null as gone,
                        '{"k": [1, 2]}'::json as doc
                    """
                let table = try await example.run("query", sql)
                #expect(
                    table.output == """
                            rate | open | name     | gone | doc
                        ---------+------+----------+------+--------------
                        12000.00 | t    | a "b", c |      | {"k": [1, 2]}
                        (1 row)

                        """)
                let json = try await example.run("query", sql, "--format", "json")
                #expect(
                    json.output == """
                        {"rate":12000.00,"open":true,"name":"a \\"b\\", c","gone":null,"doc":{"k": [1, 2]}}

                        """)
                let csv = try await example.run("query", sql, "--format", "csv")
                #expect(
                    csv.output == """
                        rate,open,name,gone,doc
                        12000.00,t,"a ""b"", c",,"{""k"": [1, 2]}"

                        """)
            }
        }

        @Test("called by the name dbt, the binary is the dbt command line")
        func dbtName() async throws {
            let example = try ExampleCopy()
            let link = example.directory.appending(path: "dbt-link/dbt")
            try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: LeatProcess.binary)
            let ended = try await LeatProcess(
                ["--quiet", "ls", "--select", "marts", "--resource-type", "model"],
                in: example.directory.appending(path: "dbt/superside"), environment: example.environment, binary: link
            ).ended()
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(
                ended.output.split(separator: "\n")
                    == ["superside.marts.fct_engagement_metrics", "superside.marts.project_engagement"])
            try FileManager.default.removeItem(at: example.directory)
        }
    }
}

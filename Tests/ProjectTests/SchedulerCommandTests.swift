import Documents
import Foundation
import Testing

/// `leat serve` and the commands that steer it, as processes.
@Suite("The scheduler and its commands")
struct SchedulerCommandTests {
    private func project() throws -> ScratchProject {
        try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              daily:
                schedule: {cron: "0 2 * * *", timezone: Europe/Berlin}
                start_date: 2026-01-01
                end_date: 2026-01-02
                tags: [x]
                tasks:
                  a: {empty: true}
                  b: {empty: true, after: [a]}
              waiting:
                is_paused_upon_creation: true
                tasks: {a: {empty: true}}
            """)
    }

    @Test("a triggered run is done by the scheduler, with its parameters and note")
    func trigger() async throws {
        let project = try project()
        let before = try await project.run("trigger", "daily", "--run-id", "early")
        #expect(before.status == 0 && before.errors.contains("No scheduler is running"))
        let shown = try await project.run("run", "show", "daily")
        #expect(shown.output.contains("no scheduler is running"))
        try await project.withScheduler {
            let run = try await project.json("trigger", "daily", "-p", "day=3", "--note", "why not", "--wait")
            #expect(run["state"]?.string == "success")
            #expect(run["parameters"]?["day"]?.int == 3 && run["note"]?.string == "why not")
            let runs = try await project.json("runs", "daily")
            #expect(runs.array?.map { $0["state"]?.string } == ["success", "success"])
            let second = try await project.run("serve", "--no-web")
            #expect(second.status == 1 && second.errors.contains("a scheduler runs already"))
        }
    }

    @Test("paused stays paused: what is triggered waits, and says why")
    func paused() async throws {
        let project = try project()
        try await project.withScheduler {
            let triggered = try await project.run("trigger", "waiting", "--run-id", "one")
            #expect(triggered.errors.contains("leat unpause waiting"))
            let shown = try await project.json("run", "show", "waiting")
            #expect(shown["state"]?.string == "queued")
            #expect(shown["waits_because"]?.string?.contains("paused") == true)
            #expect(try await project.run("unpause", "waiting").status == 0)
            let next = try await project.json("trigger", "waiting", "--wait")
            #expect(next["state"]?.string == "success")
            #expect(try await project.run("pause", "waiting").status == 0)
        }
        let listed = try await project.json("pipelines")
        #expect(listed.array?.map { $0["is_paused"]?.bool } == [false, true])
    }

    @Test("a backfill runs each interval once, and its dry run touches nothing")
    func backfill() async throws {
        let project = try project()
        let arguments = ["backfill", "daily", "--from", "2026-01-05", "--to", "2026-01-07"]
        let dry = try await LeatProcess.run(arguments + ["--dry-run", "--json"], in: project.directory)
        #expect(try JSON(parsing: dry.output)["count"]?.int == 3)
        #expect(try await project.json("runs").array?.isEmpty == true)
        #expect(try await LeatProcess.run(arguments, in: project.directory).status == 0)
        try await project.withScheduler {
            // What people ask for goes first, so another backfill run is the one to wait for.
            while try await project.json("runs", "--state", "success").array?.count != 3 {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let runs = try await project.json("runs", "daily").array ?? []
        #expect(runs.allSatisfy { $0["run_type"]?.string == "backfill" })
        let dates = runs.compactMap { $0["logical_date"]?.string }
        #expect(dates.contains("2026-01-05T01:00:00Z"))
        let again = try await LeatProcess.run(arguments + ["--json"], in: project.directory)
        #expect(try JSON(parsing: again.output)["count"]?.int == 0)
    }

    @Test("clear and mark say which tasks they touch, and the run follows")
    func clearAndMark() async throws {
        let project = try project()
        #expect(try await project.run("run", "daily").status == 0)
        let dry = try await project.json("clear", "daily", "-t", "a", "--downstream", "--dry-run")
        #expect(dry["count"]?.int == 2)
        let marked = try await project.json("mark", "failed", "daily", "-t", "b")
        #expect(marked["count"]?.int == 1)
        try await project.withScheduler {
            while try await project.json("runs", "daily").array?.first?["state"]?.string != "failed" {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await project.json("rerun", "daily")["count"]?.int == 1)
            while try await project.json("runs", "daily").array?.first?["state"]?.string != "success" {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let wrong = try await project.run("clear", "daily", "-t", "c")
        #expect(wrong.status == 1 && wrong.errors.contains("no task or group 'c'"))
    }

    @Test("earlier and later runs are cleared too, and the audit log says who asked for what")
    func pastAndFuture() async throws {
        let project = try project()
        #expect(
            try await project.json("backfill", "daily", "--from", "2026-01-01", "--to", "2026-01-03", "--backward")["count"] == 3)
        func states() async throws -> [String] {
            try await project.json("runs", "daily").array?.compactMap { $0["state"]?.string } ?? []
        }
        func attempts() async throws -> [String: [Int]] {
            var attempts: [String: [Int]] = [:]
            for run in try await project.json("runs", "daily").array ?? [] {
                guard let id = run["run"]?.string, let date = run["logical_date"]?.string else { continue }
                let tasks = try await project.json("run", "show", id)["tasks"]?.array ?? []
                attempts[String(date.prefix(10))] = tasks.map { $0["attempts"]?.int ?? 0 }
            }
            return attempts
        }
        try await project.withScheduler {
            func settled() async throws {
                while try await states().contains(where: { $0 != "success" }) { try await Task.sleep(for: .milliseconds(50)) }
            }
            try await settled()
            #expect(try await attempts() == ["2026-01-01": [1, 1], "2026-01-02": [1, 1], "2026-01-03": [1, 1]])
            let middle = "daily/backfill__2026-01-02T01:00:00Z"
            #expect(try await project.json("clear", middle, "-t", "b", "--past")["count"] == 2)
            try await settled()
            #expect(try await attempts() == ["2026-01-01": [1, 2], "2026-01-02": [1, 2], "2026-01-03": [1, 1]])
            #expect(try await project.json("clear", middle, "-t", "a", "--future", "--downstream")["count"] == 4)
            try await settled()
            #expect(try await attempts() == ["2026-01-01": [1, 2], "2026-01-02": [2, 3], "2026-01-03": [2, 2]])
            #expect(try await project.json("trigger", "daily", "--run-id", "mine", "--wait")["state"] == "success")
            #expect(try await project.run("mark", "failed", "daily/mine", "-t", "b").status == 0)
            #expect(try await project.json("trigger", "waiting", "--run-id", "held")["state"] == "queued")
            #expect(try await project.json("cancel", "waiting/held")["cancelled"] == true)
        }
        let entries = try await project.json("audit").array ?? []
        let said = entries.map { "\($0["action"]?.string ?? "") \($0["run"]?.string ?? $0["pipeline"]?.string ?? "")" }
        #expect(said.prefix(4) == ["cancel held", "trigger held", "mark_failed mine", "trigger mine"], "\(said)")
        #expect(said.count { $0.hasPrefix("clear backfill__") } == 4 && said.count { $0 == "backfill daily" } == 1, "\(said)")
        #expect(entries.allSatisfy { $0["who"]?.string?.isEmpty == false })
        #expect(entries.first { $0["action"] == "mark_failed" }?["details"]?["tasks"] == ["b"])
        let backfilled = try await project.json("audit", "--action", "trigger", "--pipeline", "daily").array ?? []
        #expect(backfilled.count == 4, "each run of a backfill was asked for, and one by hand")
        #expect(try await project.json("audit", "--who", "nobody-of-this-name").array?.isEmpty == true)
    }

    @Test("leat.yml is read again when it changes, and a mistake in it leaves the old pipelines")
    func reload() async throws {
        let project = try project()
        let scheduler = try project.start("serve", "--no-web", "--log-format", "json")
        try await scheduler.wait(for: "scheduler_started")
        try project.write("name: demo\nversion: 1\npipelines: {daily: {taks: {}}}\n")
        try await scheduler.wait(for: "\"problem\"")
        try project.write("name: demo\nversion: 1\npipelines: {new: {tasks: {a: {empty: true}}}}\n")
        #expect(try await project.json("trigger", "new", "--wait")["state"]?.string == "success")
        scheduler.send(SIGINT)
        #expect(try await scheduler.ended().status == 0)
        #expect(scheduler.outputSoFar.contains("\"code\":\"document."))
    }

    @Test("validate finds what is wrong with its place, and the schema is JSON")
    func validate() async throws {
        let project = try project()
        #expect(try await project.json("validate")["valid"]?.bool == true)
        try project.write(
            "name: demo\nversion: 1\npipelines:\n  p:\n    tasks:\n      a: {empty: true, after: [b]}\n      b: {empty: true, after: [a]}\n"
        )
        let ended = try await project.run("validate", "--json")
        #expect(ended.status == 2)
        let problem = try JSON(parsing: ended.output)["problems"]?[0]
        #expect(problem?["code"]?.string == "pipeline.cycle" && [6, 7].contains(problem?["line"]?.int))
        let schema = try await project.run("schema")
        #expect(try JSON(parsing: schema.output)["properties"]?["pipelines"] != nil)
    }
}

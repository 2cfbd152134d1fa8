import Documents
import Foundation
import Testing

@Suite("Schedules on data and calendars in leat.yml")
struct DataScheduleCommandTests {
    @Test("a run begins when what it waits for has happened, and says so")
    func triggers() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              first: {tasks: {a: {empty: true, outlets: {table: marts.sales}}}}
              second:
                schedule: {when: {all: [{table: marts.sales}, {any: [{event: go}, {pipeline: third}]}]}}
                tasks: {a: {command: "echo {{ triggering_events | map(attribute='name') | join(',') }}"}}
              third: {tasks: {a: {empty: true}}}
            """)
        #expect(try await project.json("pipelines").array?[1]["schedule"] == "table:marts.sales and (event:go or pipeline:third)")
        try await project.withScheduler {
            #expect(try await project.run("trigger", "first", "--wait").status == 0)
            #expect(try await project.json("runs", "second").array?.isEmpty == true)
            #expect(try await project.run("events", "announce", "go", "--details", #"{"by": "test"}"#).status == 0)
            while try await project.json("runs", "second").array?.first?["state"] != "success" {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let shown = try await project.json("run", "show", "second")
        #expect(shown["run_type"] == "asset_triggered")
        #expect(shown["triggered_by"]?.array?.map { $0["name"] } == ["marts.sales", "go"])
        #expect(try await project.run("logs", "second", "a").output.contains("marts.sales,go"))
        #expect(try await project.json("events").array?.count == 4)
    }

    @Test(
        "mistakes have their place and a suggestion",
        arguments: [
            ("schedule: {when: {connecton: x}}", "did you mean 'connection'?"),
            ("schedule: {when: {connection: x}}", "there is no connection 'x'"),
            ("schedule: {when: {pipeline: p}}", "would run whenever it has succeeded"),
            ("schedule: {when: {all: []}}", "the list is empty"),
            ("schedule: {cron: '@daily', except: holidy}", "did you mean 'holiday'?"),
            ("schedule: {cron: '@daily', except: holiday, excluded: nxt}", "did you mean 'next'?"),
            ("schedule: {timezone: UTC}", "needs either 'cron' or 'every'"),
        ])
    func mistakes(schedule: String, words: String) async throws {
        let project = try ScratchProject(
            "name: demo\nversion: 1\ncalendars: {holiday: [2026-12-25]}\npipelines:\n  p:\n    \(schedule)\n    tasks: {a: {empty: true}}\n"
        )
        let ended = try await project.run("validate")
        #expect(ended.status == 2 && ended.errors.contains(words) && ended.errors.contains("leat.yml:"), "\(ended.errors)")
    }

    @Test("calendars are dates, weekdays, ranges and files, and what is wrong in a file has its line")
    func calendars() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            calendars:
              holidays: {dates: [2026-12-25], weekdays: [sat, Sunday], ranges: [{from: 2026-08-01, to: 2026-08-15}], file: days.txt}
            pipelines:
              p: {schedule: {cron: "0 6 * * *", except: holidays, excluded: next}, tasks: {a: {empty: true}}}
            """)
        let file = project.directory.appending(path: "days.txt")
        try "# bank holidays\n2026-05-01 Labour Day\n\n2026-05-32\n".write(to: file, atomically: true, encoding: .utf8)
        let wrong = try await project.run("validate")
        #expect(wrong.status == 2 && wrong.errors.contains("days.txt:4:1"), "\(wrong.errors)")
        try "2026-05-01\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(try await project.run("validate").status == 0)
        let plan = try await project.json("backfill", "p", "--from", "2026-04-30", "--to", "2026-05-05", "--dry-run")
        #expect(
            plan["runs"]?.array?.compactMap { $0["data_interval_start"]?.string?.prefix(10) } == [
                "2026-04-30", "2026-05-04", "2026-05-05",
            ])
    }
}

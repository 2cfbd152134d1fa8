import Documents
import Foundation
import Postgres
import TestSupport
import Testing

/// dbt's command line as a user has it: what it says and how it ends, with small projects of one test each.
@Suite("dbt's command line") struct DbtCommandLineTests {
    private typealias Folder = DbtFolder

    private static let bomb =
        "a0: &a0 [x, x]\n"
        + (1..<12).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
        .joined(separator: "\n")

    @Test(
        "what cannot be read ends with 2, and says what and where",
        arguments: [
            (
                ["models/a.sql": "{{ ref('b') }}", "models/b.sql": "{{ ref('a') }}"],
                ["depend on each other in a circle", "model.shop.a -> model.shop.b"]
            ), (["models/x/a.sql": "select 1", "models/y/a.sql": "select 1"], ["two models are called 'a'", "models/y/a.sql"]),
            (
                ["models/a.sql": "select 1", "models/1.yml": "models: [{name: a}]", "models/2.yml": "models: [{name: a}]"],
                ["described twice", "models/2.yml:1:", "models/1.yml:1:"]
            ), (["models/bomb.yml": bomb], ["models/bomb.yml"]),
            (["models/a.sql": "select 1\nfrom {{ ref('nothing') }}"], ["ref('nothing')", "models/a.sql:2:"]),
            (["models/a.sql": "select {{ 1 + }}"], ["models/a.sql:1:", "Compilation Error"]),
            (["models/s.yml": "models:\n  - name: a\n   b: 1"], ["models/s.yml:3:"]),
            (["dbt_project.yml": "name: shop\nprofile: shopp\n"], ["shopp", "did you mean 'shop'?"]),
            (["dbt_project.yml": "name: shop\nprofile: shop\nmodel-path: [m]\n"], ["dbt_project.yml:3:1", "model-paths"]),
        ])
    func unreadable(_ files: [String: String], _ texts: [String]) async throws {
        let folder = try Folder(files)
        let ended = try await folder.dbt("build")
        #expect(ended.status == 2, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("Encountered an error:"))
        for text in texts { #expect(ended.output.contains(text), "\(text) is missing in:\n\(ended.output)") }
    }

    @Test("a file that is no UTF-8 is named with its line")
    func encoding() async throws {
        let folder = try Folder([:])
        try folder.write(Data([0x61, 0x0A, 0xFF, 0xFE]), to: "models/a.sql")
        let ended = try await folder.dbt("parse")
        #expect(ended.status == 2)
        #expect(ended.output.contains("models/a.sql:2"), "\(ended.output)")
    }

    @Test("a server that cannot be reached ends with 2 before anything runs; parsing and listing need none")
    func unreachable() async throws {
        let folder = try Folder(["models/a.sql": "select 1"])
        let run = try await folder.dbt("run")
        #expect(run.status == 2)
        #expect(run.output.contains("Database Error") && run.output.contains("127.0.0.1"), "\(run.output)")
        #expect(!run.output.contains("START"))
        let list = try await folder.dbt("ls")
        #expect(list.status == 0)
        #expect(list.output.hasSuffix("shop.a\n"))
        #expect(try await folder.dbt("debug").status == 1)
    }

    @Test("a large seed with a ragged row fails alone, with 1 and its line")
    func raggedSeed() async throws {
        try await withTestDatabase { database in
            let folder = try Folder(["models/a.sql": "select 1 as id"], database: database)
            var csv = Data("id,name,note\n".utf8)
            for row in 0..<200_000 { csv += Data("\(row),name of row \(row),a note on it that is long enough\n".utf8) }
            csv += Data("1,2\n1,2,3,4,5\n".utf8)
            #expect(csv.count > 10 << 20)
            try folder.write(csv, to: "seeds/ragged.csv")
            let ended = try await folder.dbt("build")
            #expect(ended.status == 1)
            #expect(ended.output.contains("seeds/ragged.csv:200003"), "\(ended.output)")
            #expect(try folder.results() == ["seed.shop.ragged": "error", "model.shop.a": "success"])
        }
    }

    @Test("retry runs what failed and what was skipped, with the options of the run before")
    func retry() async throws {
        try await withTestDatabase { database in
            let folder = try Folder(
                [
                    "models/ok.sql": "select 1 as id",
                    "models/bad.sql": "{{ config(materialized='table') }} select 1 / {{ var('by') }} as id",
                    "models/below.sql": "select * from {{ ref('bad') }}",
                    "models/s.yml": "models: [{name: below, columns: [{name: id, data_tests: [not_null]}]}]",
                    "models/other.sql": "select 2 as id",
                ], database: database)
            let first = try await folder.dbt(
                "build", "--vars", "{by: 0, 'a key': \"it's\"}", "--exclude", "other", "--full-refresh")
            #expect(first.status == 1, "\(first.output)")
            let results = try folder.results()
            #expect(results["model.shop.ok"] == "success" && results["model.shop.bad"] == "error")
            #expect(results["model.shop.below"] == "skipped" && results.count == 4)
            let again = try await folder.dbt("retry")
            #expect(again.status == 1)
            #expect(try folder.results().keys.contains("model.shop.ok") == false)
            #expect(try folder.results()["model.shop.bad"] == "error")
            let mended = try await folder.dbt("retry", "--vars", "{by: 1}")
            #expect(mended.status == 0, "\(mended.output)")
            #expect(try Set(folder.results().values) == ["success", "pass"])
            #expect(try folder.results().count == 3)
            let idle = try await folder.dbt("retry")
            #expect(idle.status == 0)
            #expect(idle.output.contains("Nothing to do"))
        }
    }

    @Test("retry builds only the batches that failed, whatever day it is")
    func retryBatches() async throws {
        try await withTestDatabase { database in
            let folder = try Folder(
                [
                    "models/source.sql":
                        "{{ config(materialized='table') }} select '2024-01-01'::timestamp + n * interval '1 day' as at, n from generate_series(0, 4) n",
                    "models/events.sql": """
                    {{ config(materialized='incremental', incremental_strategy='microbatch', unique_key='n', event_time='at',
                      begin='2024-01-01', batch_size='day', lookback=0) }}
                    select at, n, 10 / (case when n = {{ var('bad', 99) }} then 0 else 1 end) as x from {{ ref('source') }}
                    """,
                    "models/schema.yml": "models: [{name: source, config: {event_time: at}}]",
                ], database: database)
            let first = try await folder.dbt(
                "run", "--vars", "{bad: 2}", environment: ["DBT_SHIM_NOW": "2024-01-05T12:00:00"])
            #expect(first.status == 1, "\(first.output)")
            #expect(try folder.results()["model.shop.events"] == "partial success")
            let connection = try await database.connect()
            // What was finished stays as it is.
            try await connection.execute("update analytics.events set x = 0")
            let again = try await folder.dbt(
                "retry", "--vars", "{bad: 99}", environment: ["DBT_SHIM_NOW": "2024-02-01T12:00:00"])
            #expect(again.status == 0, "\(again.output)")
            let rows = try await connection.query("select string_agg(n || ':' || x, ' ' order by n) from analytics.events")
            #expect(rows.scalar?.string == "0:0 1:0 2:10 3:0 4:0")
            await connection.close()
            let document = try JSON(
                parsing: String(contentsOf: folder.url.appending(path: "target/run_results.json"), encoding: .utf8))
            let batches = document["results"]?.array?.last?["batch_results"]
            #expect(batches?["successful"]?.array?.count == 5)
            #expect(batches?["failed"]?.array?.isEmpty == true)
        }
    }

    @Test("warnings are errors by the command line, the environment and the project, in this order")
    func warnings() async throws {
        let files = [
            "models/a.sql": "select 1", "models/s.yml": "models: [{name: ghost}]",
            "dbt_project.yml": "name: shop\nprofile: shop\nflags: {warn_error_options: {error: [NoNodeForYamlKey]}}\n",
        ]
        let folder = try Folder(files)
        #expect(try await folder.dbt("parse").status == 2)
        let silence = "{silence: [NoNodeForYamlKey]}"
        let silent = try await folder.dbt("parse", environment: ["DBT_WARN_ERROR_OPTIONS": silence])
        #expect(silent.status == 0)
        #expect(!silent.output.contains("ghost"))
        let named = try await folder.dbt(
            "parse", "--warn-error-options", "{error: all}", environment: ["DBT_WARN_ERROR_OPTIONS": silence])
        #expect(named.status == 2)
        #expect(named.output.contains("'ghost'") && named.output.contains("Compilation Error"))
        let list = try await folder.dbt("--warn-error", "ls", "--select", "nothing", "--warn-error-options", silence)
        #expect(list.status != 0)
        let event = try await folder.dbt("--log-format", "json", "parse", "--warn-error-options", "{}")
        #expect(event.status == 0)
        let lines = try event.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(lines.contains { $0["info"]?["name"] == "NoNodeForYamlKey" && $0["info"]?["code"] == "I058" })
    }
}

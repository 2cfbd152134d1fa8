import Documents
import Foundation
import Postgres
import TestSupport
import Testing

/// What options of dbt's command line do, and their variables; each was seen to be so with dbt-core 1.12.
@Suite("dbt's options") struct DbtFlagTests {
    private static func document(_ name: String, in folder: DbtFolder) throws -> JSON {
        try JSON(parsing: String(contentsOf: folder.url.appending(path: "target/" + name), encoding: .utf8))
    }

    @Test(
        "a window of time has two ends, the earlier first, else nothing runs",
        arguments: [
            (
                ["--event-time-start", "2024-01-01"],
                "The flag `--event-time-start` was specified, but `--event-time-end` was not."
            ),
            (
                ["--event-time-end", "2024-01-01"],
                "The flag `--event-time-end` was specified, but `--event-time-start` was not."
            ),
            (
                ["--event-time-start", "2024-01-02", "--event-time-end", "2024-01-01"],
                "Value for `--event-time-start` must be less than `--event-time-end`"
            ),
            (["--event-time-start", "soon", "--event-time-end", "2024-01-01"], "'soon' does not match the formats '%Y-%m-%d'"),
        ])
    func eventTimes(_ words: [String], _ text: String) async throws {
        let folder = try DbtFolder(["models/a.sql": "select 1"])
        let ended = try await folder.dbt(["run"] + words)
        #expect(ended.status == 2)
        #expect((ended.output + ended.errors).contains(text), "\(ended.output)\(ended.errors)")
        #expect(!folder.exists("target/run_results.json"))
    }

    @Test("run_results.json tells all options, wherever they come from")
    func arguments() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/a.sql": "select 1 as id",
                    "dbt_project.yml": """
                    name: shop
                    profile: shop
                    flags: {printer_width: 99, cache_selected_only: true, validate_macro_args: false}
                    """,
                ], database: database)
            let ended = try await folder.dbt(
                "run", "--select", "a", "--vars", "{x: [1], hunter2: his hunter2}", "--warn-error-options",
                "{error: [NothingToDo]}",
                environment: [
                    "DBT_FAIL_FAST": "1", "DBT_LOG_LEVEL": "warn", "DBT_PARTIAL_PARSE": "0", "DBT_ENV_SECRET_TOKEN": "hunter2",
                ])
            #expect(ended.status == 0, "\(ended.output)")
            let found = try #require(try Self.document("run_results.json", in: folder)["args"]?.object)
            let expected: [(String, JSON)] = [
                ("which", "run"), ("select", ["a"]), ("exclude", []), ("vars", ["x": [1], "*****": "his *****"]),
                ("fail_fast", true),
                ("log_level", "warn"), ("log_format", "default"), ("partial_parse", false), ("printer_width", 99),
                ("cache_selected_only", true), ("validate_macro_args", false), ("defer", false), ("print", true),
                ("empty", false), ("quiet", false), ("indirect_selection", "eager"), ("populate_cache", true),
                ("warn_error_options", ["error": ["NothingToDo"], "warn": [], "silence": []]),
                ("require_generic_test_arguments_property", true), ("write_json", true),
            ]
            for (key, value) in expected { #expect(found[key] == value, "\(key)") }
            #expect(found["invocation_command"]?.string?.contains("his *****") == true)
            #expect(found["project_dir"]?.string?.hasPrefix("/") == true && found["log_path"]?.string?.hasSuffix("/logs") == true)
            // dbt leaves out what nobody set, and some flags while they are off.
            for key in ["threads", "target", "full_refresh", "warn_error", "store_failures", "state", "sample", "selector"] {
                #expect(found[key] == nil, "\(key)")
            }
        }
    }

    @Test("other states: deferred to where nothing is here, favored if asked for, missing only where they are needed")
    func states() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/a.sql": "{{ config(materialized='table') }} select 1 as id",
                    "models/b.sql": "select * from {{ ref('a') }}",
                    "macros/n.sql": """
                    {% macro generate_schema_name(name, node) %}{{ var('to', 'dev') }}{% endmacro %}
                    """,
                ], database: database)
            func compiled() throws -> String {
                try String(contentsOf: folder.url.appending(path: "target/compiled/shop/models/b.sql"), encoding: .utf8)
            }
            // A pipeline's first run has no artifacts of another: no error where they are not asked for.
            #expect(try await folder.dbt("compile", "-s", "b", "--state", "nowhere").status == 0)
            for words in [["-s", "b", "--defer", "--state", "nowhere"], ["-s", "state:modified", "--state", "nowhere"]] {
                #expect(try await folder.dbt(["run"] + words).status == 2, "\(words)")
            }
            #expect(try await folder.dbt("run", "-s", "a", "--vars", "{to: prod}").status == 0)
            try FileManager.default.copyItem(
                at: folder.url.appending(path: "target"), to: folder.url.appending(path: "state"))
            let deferred = try await folder.dbt("run", "-s", "b", "--defer", "--state", "state")
            #expect(deferred.status == 0, "\(deferred.output)")
            #expect(try compiled().contains("\"prod\".\"a\""))
            #expect(try await folder.dbt("run", "-s", "a").status == 0)
            #expect(try await folder.dbt("run", "-s", "b", "--defer", "--state", "state").status == 0)
            #expect(try compiled().contains("\"dev\".\"a\""))
            let favored = try await folder.dbt(
                "run", "-s", "b", environment: ["DBT_DEFER": "1", "DBT_FAVOR_STATE": "true", "DBT_DEFER_STATE": "state"])
            #expect(favored.status == 0, "\(favored.output)")
            #expect(try compiled().contains("\"prod\".\"a\""))
            // What is selected itself is never deferred.
            #expect(try await folder.dbt("run", "-s", "a", "b", "--defer", "--favor-state", "--state", "state").status == 0)
            #expect(try compiled().contains("\"dev\".\"a\""))
        }
    }

    @Test("a node that does not compile ends compile and docs generate with 2 and without results")
    func compileErrors() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/good.sql": "select 1 as id",
                    "models/bad.sql": "{% if execute %}{{ exceptions.raise_compiler_error('no good') }}{% endif %}",
                    "models/below.sql": "select * from {{ ref('bad') }}",
                ], database: database)
            for words in [["compile"], ["docs", "generate"]] {
                let ended = try await folder.dbt(words)
                #expect(ended.status == 2, "\(words)")
                #expect(ended.output.contains("Encountered an error:") && ended.output.contains("no good"), "\(ended.output)")
                #expect(folder.exists("target/manifest.json") && !folder.exists("target/run_results.json"))
            }
            // A run goes on with the others, and says nothing of what waited.
            #expect(try await folder.dbt("run").status == 1)
            let results = try Self.document("run_results.json", in: folder)["results"]?.array ?? []
            let below = results.first { $0["unique_id"] == "model.shop.below" }
            #expect(below?["status"] == "skipped" && below?["message"] == .null)
        }
    }

    @Test("docs generate --static writes one page that holds both documents")
    func staticPage() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/a.sql": "select 1 as id",
                    "models/s.yml": "models: [{name: a, description: '</script><b>bold</b>'}]",
                ], database: database)
            #expect(try await folder.dbt("run").status == 0)
            #expect(try await folder.dbt("docs", "generate", "--static").status == 0)
            let page = try String(contentsOf: folder.url.appending(path: "target/static_index.html"), encoding: .utf8)
            #expect(page.contains("window.documents = {\"manifest.json\": {\"metadata\":"))
            #expect(page.contains("model.shop.a") && page.contains("<\\/script><b>bold"))
            #expect(page.components(separatedBy: "</script>").count == 3)
        }
    }

    @Test("clones run no hooks and wait for none of the others")
    func clones() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/a.sql": "{{ config(materialized='table') }} select 1 as id",
                    "models/b.sql": "{{ config(materialized='table') }} select * from {{ ref('a') }}",
                    "macros/n.sql": "{% macro generate_schema_name(name, node) %}{{ var('to', 'dev') }}{% endmacro %}",
                    "dbt_project.yml": "name: shop\nprofile: shop\non-run-start: [select 1]\n",
                ], database: database)
            #expect(try await folder.dbt("run", "--vars", "{to: prod}").status == 0)
            try FileManager.default.copyItem(
                at: folder.url.appending(path: "target"), to: folder.url.appending(path: "state"))
            let connection = try await database.connect()
            try await connection.execute("drop table prod.a cascade")
            await connection.close()
            let ended = try await folder.dbt("clone", "--state", "state")
            #expect(ended.status == 1 && !ended.output.contains("START"), "\(ended.output)")
            #expect(try folder.results() == ["model.shop.a": "error", "model.shop.b": "success"])
        }
    }

    @Test("--store-failures keeps the rows of all tests but those that say no, and makes their schema")
    func storeFailures() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/a.sql": "select null::int as id",
                    "models/s.yml": "models: [{name: a, columns: [{name: id, data_tests: [not_null]}]}]",
                    "tests/mine.sql": "{{ config(store_failures=false) }} select * from {{ ref('a') }}",
                ], database: database)
            #expect(try await folder.dbt("run").status == 0)
            for way in [(["--store-failures"], [:]), ([], ["DBT_STORE_FAILURES": "1"])] as [([String], [String: String])] {
                let ended = try await folder.dbt(["test"] + way.0, environment: way.1)
                #expect(try Set(folder.results().values) == ["fail"], "\(ended.output)")
                let relation = "\"\(database.name)\".\"analytics_dbt_test__audit\".\"not_null_a_id\""
                #expect(ended.output.contains("select * from \(relation)"))
                let connection = try await database.connect()
                let found = try await connection.query(
                    "select string_agg(table_name, ' ') from information_schema.tables where table_schema like '%audit'")
                #expect(found.scalar?.string == "not_null_a_id")
                try await connection.execute("drop schema analytics_dbt_test__audit cascade")
                await connection.close()
            }
            #expect(try await folder.dbt("test").status == 1)
        }
    }

    @Test("show prints moments as dbt does: in the table with a space and on the right, in JSON as ISO 8601")
    func moments() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder([:], database: database)
            let query = "select '2024-01-31 10:00'::timestamp as at, date '2024-01-31' as a_longer_name"
            let table = try await folder.dbt("-q", "show", "--inline", query)
            #expect(
                table.output.contains("| 2024-01-31 10:00:00 |    2024-01-31 |"), "\(table.output)\(table.errors)")
            let json = try await folder.dbt("-q", "show", "--inline", query, "--output", "json")
            #expect(json.output.contains("\"at\": \"2024-01-31T10:00:00\""), "\(json.output)")
            let failed = try await folder.dbt("show", "--inline", "select nope")
            #expect(failed.status == 2 && failed.output.contains("nope"))
        }
    }

    @Test("the batches of a model are named, and have files of their own")
    func batches() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "models/events.sql": """
                    {{ config(materialized='incremental', incremental_strategy='microbatch', unique_key='n', event_time='at',
                      begin='2024-01-01', batch_size='day') }}
                    select 1 as n, '2024-01-01'::timestamp as at
                    """,
                    "snapshots/kept.yml":
                        "snapshots: [{name: kept, relation: ref('events'), config: {unique_key: n, strategy: check, check_cols: all}}]",
                    "analyses/look.sql": "select 1", "seeds/codes.csv": "code\nDE\n",
                    "models/s.yml": "models: [{name: events, columns: [{name: n, data_tests: [not_null]}]}]",
                    "dbt_project.yml": "name: shop\nprofile: shop\non-run-start: [select 1]\n",
                ], database: database)
            let ended = try await folder.dbt(
                "run", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-03")
            #expect(ended.status == 0, "\(ended.output)")
            #expect(ended.output.contains("START sql microbatch model analytics.events"))
            #expect(ended.output.contains("Batch 2 of 2 START batch 2024-01-02 of analytics.events"))
            for kind in ["compiled", "run"] {
                #expect(folder.exists("target/\(kind)/shop/models/events/events_2024-01-02.sql"), "\(kind)")
            }
            // Things in the order in which dbt counts them.
            #expect(ended.output.contains("Found 1 model, 1 analysis, 1 seed, 1 operation, "))
        }
    }
}

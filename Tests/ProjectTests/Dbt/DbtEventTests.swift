import Documents
import Foundation
import TestSupport
import Testing

/// The events of a run in JSON, as programs that read dbt's logs know them: names, levels and fields are those of dbt-core 1.12.
@Suite("dbt's events") struct DbtEventTests {
    private static func run(_ words: [String], in folder: DbtFolder) async throws -> [String: [JSON]] {
        let ended = try await folder.dbt(words + ["--log-format", "json", "--log-level", "debug"])
        var events: [String: [JSON]] = [:]
        for line in ended.output.split(separator: "\n") {
            let event = try JSON(parsing: String(line))
            events[event["info"]?["name"]?.string ?? "", default: []].append(event)
        }
        return events
    }

    /// The fields of the first event of a name, in order.
    private static func keys(_ name: String, _ events: [String: [JSON]]) -> [String] {
        guard let data = events[name]?.first?["data"]?.object else { return [] }
        return data.entries.map(\.key).sorted()
    }

    @Test("a build tells of its start, its hooks, each node, each kind of result and its end")
    func build() async throws {
        try await withTestDatabase { database in
            let folder = try DbtFolder(
                [
                    "dbt_project.yml": """
                    name: shop
                    profile: shop
                    on-run-start: ["select 1", "select 2"]
                    on-run-end: ["select 3"]
                    """,
                    "seeds/people.csv": "id,name\n1,a\n2,\n", "models/a.sql": "select * from {{ ref('people') }}",
                    "models/broken.sql": "select nope", "models/below.sql": "select * from {{ ref('broken') }}",
                    "snapshots/s.sql":
                        "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all') }} select * from {{ ref('a') }}{% endsnapshot %}",
                    "models/schema.yml": """
                    models:
                      - name: a
                        columns:
                          - {name: id, data_tests: [unique]}
                          - {name: name, data_tests: [{not_null: {config: {severity: warn}}}]}
                    """,
                ], database: database)
            let events = try await Self.run(["build"], in: folder)
            let version = events["MainReportVersion"]?.first?["data"]
            #expect(version?["version"] == "=1.12.0")
            #expect(version?["log_version"] == 3)
            #expect(events["MainReportArgs"]?.first?["data"]?["args"]?["write_json"] == "True")
            #expect(events["AdapterRegistered"]?.first?["data"]?["adapter_name"] == "postgres")
            #expect(
                events["FoundStats"]?.first?["data"]?["stat_line"]?.string?.hasPrefix(
                    "3 models, 1 snapshot, 1 seed, 3 operations, 2 data tests, ") == true)
            #expect(Self.keys("ConcurrencyLine", events) == ["node_count", "num_threads", "target_name"])
            #expect(
                events["LogHookStartLine"]?.map { $0["data"]?["statement"] } == [
                    "shop.on-run-start.0", "shop.on-run-start.1", "shop.on-run-end.0",
                ])
            #expect(
                Self.keys("LogHookEndLine", events) == ["execution_time", "index", "node_info", "statement", "status", "total"])
            // What a node goes through, in this order.
            for name in ["NodeStart", "LogStartLine", "NodeCompiling", "NodeExecuting", "NodeFinished"] {
                let ids = events[name]?.compactMap { $0["data"]?["node_info"]?["unique_id"]?.string } ?? []
                #expect(ids.contains("model.shop.a"), "\(name): \(ids)")
            }
            let info = events["NodeFinished"]?.first?["data"]?["node_info"]
            #expect(info?["node_started_at"]?.string?.isEmpty == false)
            #expect(info?["node_finished_at"]?.string?.isEmpty == false)
            let run = try #require(events["NodeFinished"]?.first?["data"]?["run_result"]?.object)
            #expect(
                run.entries.map(\.key).sorted() == [
                    "adapter_response", "execution_time", "message", "num_failures", "status", "thread", "timing_info",
                ])
            let model = events["LogModelResult"]?.first { $0["data"]?["node_info"]?["node_name"] == "a" }
            #expect(model?["data"]?["status"] == "CREATE VIEW")
            #expect(
                Self.keys("LogModelResult", events) == ["description", "execution_time", "index", "node_info", "status", "total"])
            let broken = events["LogModelResult"]?.first { $0["data"]?["node_info"]?["node_name"] == "broken" }
            #expect(broken?["data"]?["status"] == "error")
            #expect(broken?["info"]?["level"] == "error")
            let seed = events["LogSeedResult"]?.first?["data"]
            #expect(seed?["status"] == "success")
            #expect(seed?["result_message"] == "INSERT 2")
            #expect(seed?["relation"] == "people")
            #expect(
                Self.keys("LogSnapshotResult", events) == [
                    "cfg", "description", "execution_time", "index", "node_info", "result_message", "status", "total",
                ])
            let test = events["LogTestResult"]?.first { $0["data"]?["status"] == "warn" }
            #expect(test?["data"]?["attached_node"] == "model.shop.a")
            #expect(test?["data"]?["num_failures"] == 1)
            #expect(test?["info"]?["level"] == "warn")
            #expect(events["SkippingDetails"]?.first?["data"]?["node_name"] == "below")
            #expect(events["MarkSkippedChildren"]?.first?["data"]?["unique_id"] == "model.shop.broken")
            #expect(events["RunResultFailure"]?.first?["data"]?["path"] == "models/broken.sql")
            #expect(events["RunResultWarning"]?.first?["data"]?["resource_type"] == "test")
            #expect(events["RunResultError"]?.first?["data"]?["msg"]?.string?.contains("nope") == true)
            #expect(
                events["StatsLine"]?.first?["data"]?["stats"] == [
                    "pass": 7, "warn": 1, "error": 1, "skip": 1, "noop": 0, "reused": 0, "total": 10,
                ])
            #expect(
                Self.keys("EndOfRunSummary", events) == [
                    "keyboard_interrupt", "num_errors", "num_partial_success", "num_warnings",
                ])
            #expect(events["EndRunResult"]?.first?["data"]?["results"]?.array?.count == 10)
            #expect(Self.keys("FinishedRunningStats", events) == ["execution", "execution_time", "stat_line"])
            #expect(events["CommandCompleted"]?.first?["data"]?["command"] == "dbt build")
            let written = (events["ArtifactWritten"] ?? []).compactMap { $0["data"]?["artifact_type"]?.string }
            #expect(written == ["WritableManifest", "SemanticManifest", "RunExecutionResult"])
            for name in [
                "NewConnection", "SQLQuery", "SQLQueryStatus", "SQLCommit", "WritingInjectedSQLForNode", "SQLCompiledPath",
                "ResourceReport",
            ] { #expect(events[name] != nil, "\(name)") }
            // The hooks' results are in the artifact too, as in dbt.
            let results = try folder.results()
            #expect(results["operation.shop.shop-on-run-start-1"] == "success")
            #expect(results.count == 10)
            // Each hook has a file of its own below its project file.
            #expect(folder.exists("target/compiled/shop/dbt_project.yml/hooks/shop-on-run-end-0.sql"))
        }
    }

    @Test("where a hook before the run fails, the nodes are skipped with results, unless the project says otherwise")
    func failedHook() async throws {
        try await withTestDatabase { database in
            for (flag, a) in [("true", "skipped"), ("false", "success")] {
                let folder = try DbtFolder(
                    [
                        "dbt_project.yml": """
                        name: shop
                        profile: shop
                        on-run-start: ["select nope", "select 2"]
                        flags: {skip_nodes_if_on_run_start_fails: \(flag)}
                        """, "models/a.sql": "select 1 as x",
                    ], database: database)
                let ended = try await folder.dbt(["run"])
                #expect(ended.status == 1)
                #expect(
                    try folder.results() == [
                        "operation.shop.shop-on-run-start-0": "error", "operation.shop.shop-on-run-start-1": "skipped",
                        "model.shop.a": a,
                    ], "\(flag): \(ended.output)")
            }
        }
    }
}

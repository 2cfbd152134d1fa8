import Foundation
import Orchestrate
import Processes
import Project
import TestSupport
import Testing

@testable import Serve

private enum Prometheus {
    static let folder = PythonPackages.folder("prometheus")
}

@Suite("Metrics")
struct MetricsTests {
    static let project = """
        name: waterworks
        version: 1
        pools: {small: 3}
        pipelines:
          hourly:
            tasks: {first: {empty: true}, second: {command: "exit 1", after: [first], retries: {count: 1, delay: 1ms}}}
          by_hand:
            tasks: {only: {empty: true, pool: small}}
        """

    @Test("a scraper with a token reads runs, tasks, pools, delays and the process")
    func scrape() async throws {
        let site = try await TestSite.start(leatYML: Self.project, withScheduler: true)
        let control = RunControl(store: site.store, author: Author("tests"), clock: SystemRunClock())
        for pipeline in ["by_hand", "hourly"] {
            let all = site.server.site.current.pipelines
            let definition = try #require(all.first { $0.definition.id.rawValue == pipeline }).definition
            let run = try await control.trigger(definition, RunRequest(name: "\(pipeline)-run"))
            while try await site.store.run(run.id)?.state.isFinished != true { try await Task.sleep(for: .milliseconds(10)) }
        }
        try await site.store.setPaused(true, of: "hourly")
        let token = try await site.access.makeToken("scraper", of: "viewer", role: .viewer)
        let client = TestClient(base: site.base)
        #expect(try await client.get("/metrics", headers: ["Authorization": "Bearer x", "Accept": "text/plain"]).status == 401)
        var answer = try await client.get("/metrics", headers: ["Authorization": "Bearer \(token)"])
        // A run is counted just after its end is in the store.
        while !answer.text.contains("pipeline=\"hourly\",state=\"failed\"} 1") {
            try await Task.sleep(for: .milliseconds(10))
            answer = try await client.get("/metrics", headers: ["Authorization": "Bearer \(token)"])
        }
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = Set(answer.text.split(separator: "\n").map(String.init))
        for line in [
            "leat_scheduler_up 1", "leat_project_valid 1", #"leat_pipelines{state="paused"} 1"#, #"leat_runs{state="queued"} 0"#,
            #"leat_runs_finished_total{pipeline="by_hand",state="success"} 1"#,
            #"leat_tasks_finished_total{pipeline="hourly",state="failed"} 1"#, #"leat_task_retries_total{pipeline="hourly"} 1"#,
            #"leat_pool_slots{pool="small"} 3"#, #"leat_pool_slots_taken{pool="small"} 0"#, #"leat_tasks{state="running"} 0"#,
            #"leat_run_duration_seconds_count{pipeline="by_hand"} 1"#, #"leat_task_duration_seconds_count{kind="command"} 1"#,
        ] { #expect(lines.contains(line), "\(line) is not in \(answer.text)") }
        #expect(
            answer.text.contains("process_resident_memory_bytes ") && answer.text.contains("leat_schedule_delay_seconds_bucket"))
        if let folder = Prometheus.folder {
            let file = site.folder + "/metrics.txt"
            try answer.text.write(toFile: file, atomically: true, encoding: .utf8)
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Clients/prometheus.py")
            let (status, output) = try await PythonPackages.run(
                folder + "/python", [script.standardizedFileURL.path(percentEncoded: false), file])
            #expect(status == .exited(0), "\(output)")
            #expect(output.contains("counter leat_runs_finished_total [('pipeline', 'by_hand'), ('state', 'success')] 1"))
            #expect(output.contains("histogram leat_run_duration_seconds_bucket"))
        }
        try await site.stop()
    }

    @Test("names and values are escaped as the format asks")
    func escaping() {
        var out = MetricsText()
        out.begin("a_total", .counter, "One\\two\nthree.")
        out.sample("a_total", [("name", "say \"hi\"\\\n")], 1.5)
        #expect(
            out.text
                == "# HELP a_total One\\\\two\\nthree.\n# TYPE a_total counter\na_total{name=\"say \\\"hi\\\"\\\\\\n\"} 1.5\n")
    }
}

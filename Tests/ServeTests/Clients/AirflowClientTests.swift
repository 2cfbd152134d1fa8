import Foundation
import Orchestrate
import Processes
import Project
import TestSupport
import Testing

@testable import Serve

private enum AirflowClient {
    /// The folders of their programs by version; without those that cannot be installed.
    static let folders = ["v1", "v2"].reduce(into: [String: String]()) { $0[$1] = PythonPackages.folder("airflow-\($1)") }
}

@Suite("Airflow's own clients")
struct AirflowClientTests {
    static let project = """
        name: waterworks
        version: 1
        vars: {town: Ghent}
        pools: {small: 3}
        sources:
          wells: {connector: postgres, config: {host: wells.example, port: 5432, database: d, username: u, password: hush hush}}
        destinations:
          warehouse: {connector: postgres, config: {host: localhost, port: 5433, database: d, username: u}}
        connections:
          Wells: {source: wells, destination: warehouse, streams: [{name: levels}]}
        pipelines:
          nightly:
            schedule: {cron: "0 3 * * *"}
            start_date: 2030-01-01
            max_active_tasks: 4
            tags: [night]
            is_paused_upon_creation: true
            max_active_runs: 2
            tasks:
              first: {empty: true}
              second:
                command: "echo hello from the second; echo 42"
                after: [first]
          outer:
            tasks:
              only: {empty: true}
        """

    @Test(
        "unpauses, triggers, waits, reads a log, clears and marks",
        .enabled(if: AirflowClient.folders.count == 2, "they cannot be installed: scripts/connectors.sh airflow-v1 says why"),
        arguments: ["v1", "v2"])
    func journey(version: String) async throws {
        let python = try #require(AirflowClient.folders[version]) + "/python"
        let site = try await TestSite.start(leatYML: Self.project)
        let scheduler = Task {
            let project = try LeatProject.load(from: site.folder)
            try await ProjectScheduler(project, read: { project }).run()
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "airflow_\(version).py")
        let (status, output) = try await PythonPackages.run(
            python, [script.path(percentEncoded: false), site.base, "admin", TestSite.password])
        #expect(status == .exited(0), "\(output)")
        scheduler.cancel()
        _ = await scheduler.result
        try await site.stop()
    }
}

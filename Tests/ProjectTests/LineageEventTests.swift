import Documents
import Foundation
import Orchestrate
import Processes
import TestSupport
import Testing

@testable import Project

/// OpenLineage's events, of the program.
@Suite("Lineage events")
struct LineageEventTests {
    /// Has OpenLineage's own client build each of the events in a file.
    static func check(_ file: URL) async throws {
        guard let folder = PythonPackages.folder("openlineage") else { return }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "lineage.py")
        let (status, output) = try await PythonPackages.run(
            folder + "/python", [script.path(percentEncoded: false), file.path(percentEncoded: false)])
        #expect(status == .exited(0), "\(output)")
    }

    static let canCheck = PythonPackages.folder("openlineage") != nil

    @Test("a server hears of each run and attempt, with its parent and error; the key is its own, secrets are stars")
    func server() async throws {
        let server = try HookServer()
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            openlineage: {url: "\(server.url)", api_key: key-of-lineage, namespace: tests}
            pipelines:
              p:
                description: Fails at first
                defaults: {owner: Data}
                tasks:
                  a: {command: "test $LEAT_TRY_NUMBER = 2 || cat {{ env_var('MY_TOKEN') }}", retries: {count: 1, delay: 1ms}}
                  b: {command: "exit 3", after: a}
                  c: {empty: true, after: b}
            """)
        let ended = try await LeatProcess.run(
            ["run", "p"], in: project.directory, environment: ["MY_TOKEN": "very-secret", "NO_COLOR": "1"])
        #expect(ended.status == 1 && ended.errors.isEmpty, "\(ended.errors)")
        let requests = server.requests
        #expect(requests.allSatisfy { $0.path == "/api/v1/lineage" && $0.headers["authorization"] == "Bearer key-of-lineage" })
        let events = try requests.map { try JSON(parsing: $0.body) }
        let told = events.map { "\($0["eventType"]?.string ?? "") \($0["job"]?["name"]?.string ?? "")" }
        #expect(told == ["START p", "START p.a", "FAIL p.a", "START p.a", "COMPLETE p.a", "START p.b", "FAIL p.b", "FAIL p"])
        let ids = events.map { $0["run"]?["runId"]?.string ?? "" }
        #expect(ids[1] == ids[2] && ids[3] == ids[4] && ids[1] != ids[3] && ids[0] == ids[7])
        #expect(events[3]["run"]?["facets"]?["parent"]?["run"]?["runId"]?.string == ids[0])
        #expect(events[6]["run"]?["facets"]?["errorMessage"]?["message"] == "the command ended with exit code 3")
        #expect(!requests.map(\.body).joined().contains("very-secret"))
        let file = project.directory.appending(path: "events.jsonl")
        try requests.map { $0.body + "\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
        try await Self.check(file)
    }

    @Test("a task that tells of its progress is said to be running once a minute, each attempt by itself")
    func running() async throws {
        let server = try HookServer()
        let scratch = try ScratchProject(
            """
            name: demo
            version: 1
            openlineage: {url: "\(server.url)", namespace: tests}
            pipelines: {p: {tasks: {a: {empty: true}, b: {empty: true}}}}
            """)
        let project = try LeatProject.load(from: scratch.directory.path)
        let emitter = LineageEmitter(project: { project }, problem: { _ in })
        let run = try await PipelineRun.prepare(pipeline: "p", of: project)
        let id = RunID(pipeline: "p", name: "one")
        let begin = Timestamp(seconds: 1_700_000_000)
        let observed = ObservedRun(
            definition: run.pipeline, record: RunRecord(id: id, request: RunRequest(name: "one"), queuedAt: begin))
        func tell(_ kind: RunEvent.Kind, after seconds: Int64) {
            emitter.observe(RunEvent(run: id, time: begin + .seconds(seconds), kind: kind), of: observed)
        }
        let (a, b) = (AttemptKey(task: "a", number: 1), AttemptKey(task: "b", number: 1))
        tell(.taskStarted(a), after: 0)
        tell(.taskStarted(b), after: 0)
        for second in stride(from: Int64(1), through: 125, by: 4) {
            tell(.taskProgress(a, TaskProgress(rows: Int(second))), after: second)
        }
        tell(.taskProgress(b, TaskProgress(rows: 1)), after: 126)
        var result = TaskResult(id: "a")
        (result.state, result.attempts) = (.success, 1)
        tell(.taskFinished(result), after: 130)
        await emitter.drain()
        let events = try server.requests.map { try JSON(parsing: $0.body) }
        let told = events.map { "\($0["eventType"]?.string ?? "") \($0["job"]?["name"]?.string ?? "")" }
        #expect(told == ["START p.a", "START p.b", "RUNNING p.a", "RUNNING p.a", "COMPLETE p.a"])
        #expect(Set(events.filter { $0["job"]?["name"] == "p.a" }.map { $0["run"]?["runId"]?.string ?? "" }).count == 1)
        let file = scratch.directory.appending(path: "events.jsonl")
        try server.requests.map { $0.body + "\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
        try await Self.check(file)
    }

    @Test(
        "mistakes have their place",
        arguments: [
            ("{url: x}", "is not an HTTP address"), ("{namespace: x}", "needs either 'url' or 'file'"), ("{urll: x}", "url"),
        ])
    func mistakes(text: String, message: String) async throws {
        let project = try ScratchProject(
            "name: demo\nversion: 1\nopenlineage: \(text)\npipelines: {p: {tasks: {t: {empty: true}}}}\n")
        let ended = try await project.run("validate")
        #expect(ended.status == 2)
        #expect((ended.errors + ended.output).contains(message) && (ended.errors + ended.output).contains("leat.yml:3"))
    }
}

extension ProgramTests {
    @Suite("Lineage of the example")
    struct ExampleLineageTests {
        @Test(
            "the sync and each model tell what they read and write, with columns and rows; OpenLineage's client takes all of it",
            .enabled(if: LineageEventTests.canCheck, "it cannot be installed: scripts/connectors.sh openlineage says why"))
        func datasets() async throws {
            try await withExample { example in
                try example.edit("leat.yml", replacing: "version: 1\n", with: "version: 1\nopenlineage: {file: events.jsonl}\n")
                let run = try await example.run("run", "transformations")
                #expect(run.status == 0, "\(run.output)\n\(run.errors)")
                let file = example.directory.appending(path: "events.jsonl")
                try await LineageEventTests.check(file)
                let events = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
                    try JSON(parsing: String($0))
                }
                func ended(_ job: String) throws -> JSON {
                    try #require(events.first { $0["job"]?["name"]?.string == job && $0["eventType"] == "COMPLETE" }, "\(job)")
                }
                func names(_ datasets: JSON?) -> [String] { datasets?.array?.compactMap { $0["name"]?.string } ?? [] }
                let sync = try ended("transformations.ingest")
                #expect(names(sync["inputs"]) == ["clients.public.engagement_metrics"])
                #expect(names(sync["outputs"]) == ["warehouse.clients.engagement_metrics"])
                let output = try #require(sync["outputs"]?.array?.first)
                #expect(output["namespace"]?.string == "postgres://localhost:\(example.warehousePort)")
                #expect(output["outputFacets"]?["outputStatistics"]?["rowCount"] == 1000)
                let fields = output["facets"]?["schema"]?["fields"]?.array ?? []
                #expect(fields.contains { $0["name"] == "project_id" && $0["type"]?.string != nil }, "\(fields)")
                let model = try #require(
                    events.first {
                        $0["job"]?["name"]?.string?.hasPrefix("transformations.transformations.stg_clients__engagement_metrics")
                            == true
                            && $0["eventType"] == "COMPLETE" && $0["outputs"]?.array?.isEmpty == false
                    })
                // What a model reads is what the sync has written, under the same name.
                #expect(
                    model["inputs"]?.array?.first?["namespace"] == output["namespace"]
                        && names(model["inputs"]) == names(sync["outputs"]), "\(model)")
                #expect(model["outputs"]?.array?.first?["facets"]?["schema"]?["fields"]?.array?.isEmpty == false)
            }
        }
    }
}

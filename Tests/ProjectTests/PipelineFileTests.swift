import Documents
import Foundation
import Testing

@Suite("Pipelines in files of their own")
struct PipelineFileTests {
    private func project(_ files: [String: String], more: String = "") throws -> ScratchProject {
        let project = try ScratchProject("name: demo\nversion: 1\n\(more)\n")
        for (path, text) in files {
            let url = project.directory.appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        return project
    }

    private static let plain = "tasks:\n  a: {command: \"echo from {{ dag.dag_id }} >> out\"}\n"

    @Test("are those of leat.yml's besides, with templates and places of their own")
    func runs() async throws {
        let project = try project(
            [
                "pipelines/first.yml": Self.plain, "pipelines/sales/second.yaml": Self.plain,
                "pipelines/README.md": "no pipeline",
                "pipelines/.hidden.yml": "no pipeline",
            ], more: "pipelines: {third: {tasks: {b: {pipeline: {name: first, wait: false}}}}}")
        let listed = try await project.json("pipelines")
        #expect(listed.array?.map { $0["pipeline"]?.string } == ["third", "first", "second"])
        #expect(try await project.run("run", "second").status == 0)
        #expect(try String(contentsOf: project.directory.appending(path: "out"), encoding: .utf8) == "from second\n")
        let tasks = try await project.json("pipeline", "show", "second")["tasks"]
        #expect(tasks?[0]?["location"] == "pipelines/sales/second.yaml:2:3")
        #expect(try JSON(parsing: try await project.run("schema", "--pipeline").output)["definitions"]?["task"] != nil)
    }

    @Test(
        "mistakes are told at their place in the file",
        arguments: [
            ("tasks: {a: {empty: true, aftr: [b]}}", "pipelines/p.yml:1:", "aftr"), ("", "pipelines/p.yml:1", "is empty"),
            ("tasks:\n  a: {sql: \"{{ }\"}", "pipelines/p.yml:2:", "unexpected"),
            ("[1]", "pipelines/p.yml:1", "must be a mapping"),
            ("tasks:\n  a: {empty: true, pool: db}", "pipelines/p.yml:2:", "there is no pool 'db'"),
            ("tasks:\n  a: {empty: true, after: a}", "pipelines/p.yml:2:27", "the task 'a' waits for itself"),
            ("start_date: 2026-02-01\nend_date: 2026-01-01\ntasks: {a: {empty: true}}", "pipelines/p.yml:2:", "ends before"),
            ("tasks: {\" \": {empty: true}}", "pipelines/p.yml:1:", "a task needs a name"),
            ("tasks: {a: {pipeline: q}}", "pipelines/p.yml:1:", "would never end: q -> p -> q"),
        ])
    func mistakes(text: String, place: String, words: String) async throws {
        let project = try project(["pipelines/p.yml": text], more: "pipelines: {q: {tasks: {a: {pipeline: p}}}}")
        let ended = try await project.run("validate")
        #expect(ended.status == 2 && ended.errors.contains(place) && ended.errors.contains(words), "\(ended.errors)")
    }

    @Test("a name that is taken is told with both places")
    func taken() async throws {
        let project = try project(["pipelines/q.yml": Self.plain], more: "pipelines: {q: {tasks: {a: {empty: true}}}}")
        let ended = try await project.run("validate")
        #expect(ended.status == 2 && ended.errors.contains("pipelines/q.yml:1") && ended.errors.contains("leat.yml:3:13"))
    }

    @Test("a scheduler takes up a file that comes, changes or goes")
    func changes() async throws {
        let project = try project([:], more: "pipelines: {q: {tasks: {a: {empty: true}}}}")
        try await project.withScheduler {
            let file = project.directory.appending(path: "pipelines/new.yml")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Self.plain.write(to: file, atomically: true, encoding: .utf8)
            #expect(try await project.json("trigger", "new", "--wait")["state"] == "success")
            try FileManager.default.removeItem(at: file)
            #expect(try await project.run("trigger", "new").errors.contains("there is no pipeline 'new'"))
        }
    }

    @Test("runs of a pipeline whose name has a slash are found")
    func slash() async throws {
        let project = try project(
            [:], more: "pipelines: {sales/day: {tasks: {a: {empty: true}}}, sales: {tasks: {b: {empty: true}}}}")
        #expect(try await project.run("run", "sales/day").status == 0)
        #expect(try await project.run("run", "sales").status == 0)
        let shown = try await project.json("run", "show", "sales/day")
        #expect(shown["pipeline"] == "sales/day" && shown["tasks"]?[0]?["task"] == "a")
        let name = shown["run"]?.string ?? ""
        #expect(name.hasPrefix("sales/day/"))
        #expect(try await project.json("run", "show", name)["run"]?.string == name)
        #expect(try await project.json("run", "show", "sales")["tasks"]?[0]?["task"] == "b")
    }
}

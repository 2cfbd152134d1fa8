import Documents
import Foundation
import Testing

/// `params:` of pipelines, from the command line.
@Suite("Parameters of runs")
struct ParameterCommandTests {
    private func project(_ params: String, more: String = "") throws -> ScratchProject {
        try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              p:
                \(more)
                params: \(params)
                tasks: {a: {command: "echo day={{ params.day }} n={{ params.n + 1 }}"}}
            """)
    }

    private static let params = "{day: {type: string, pattern: '^[0-9]+$', description: which one}, n: 3}"

    @Test("defaults are filled in, texts stay texts, and what does not fit begins no run")
    func values() async throws {
        let project = try project(Self.params)
        let run = try await project.run("run", "p", "-p", "day=20260131")
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        #expect(try await project.run("logs", "p", "a").output.contains("day=20260131 n=4"))
        #expect(try await project.json("run", "show", "p")["parameters"] == ["day": "20260131", "n": 3])
        for command in ["run", "trigger"] {
            let wrong = try await project.run(command, "p", "-p", "n=x", "-p", "dayy=1")
            #expect(wrong.status == 1 && wrong.errors.contains("day is missing: which one"), "\(wrong.errors)")
            #expect(wrong.errors.contains(#"n must be a whole number, not "x""#))
            #expect(wrong.errors.contains("there is no parameter 'dayy'; did you mean 'day'?"))
        }
        #expect(try await project.json("runs", "p").array?.count == 1)
        let shown = try await project.run("pipeline", "show", "p")
        #expect(shown.output.contains("day (string), must be given: which one"), "\(shown.output)")
        #expect(shown.output.contains("n (integer), 3 if not given"))
    }

    @Test(
        "mistakes in a schema have their place",
        arguments: [
            ("{n: {typ: integer}}", "", "leat.yml:6:18", "did you mean 'type'?"),
            ("{n: {type: integer, default: x}}", "", "leat.yml:6:42", "the default must be a whole number"),
            ("{n: {type: integer}}", "schedule: '@daily'", "leat.yml:6:14", "needs a default"),
        ])
    func mistakes(params: String, more: String, place: String, text: String) async throws {
        let ended = try await project(params, more: more).run("validate")
        #expect(ended.status == 2 && ended.errors.contains(place) && ended.errors.contains(text), "\(ended.errors)")
    }
}

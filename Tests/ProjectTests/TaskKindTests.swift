import Documents
import Foundation
import Orchestrate
import TestSupport
import Testing

/// What tasks of leat.yml do, run by the program.
@Suite("Kinds of tasks")
struct TaskKindTests {
    private func tasks(_ tasks: String, more: String = "") throws -> ScratchProject {
        let lines = tasks.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        return try ScratchProject("name: demo\nversion: 1\n\(more)\npipelines:\n  p:\n    tasks:\n\(lines)\n")
    }

    private func states(_ project: ScratchProject) async throws -> [String: String] {
        let run = try await project.json("run", "show", "p")
        var states: [String: String] = [:]
        for task in run["tasks"]?.array ?? [] { states[task["task"]?.string ?? ""] = task["state"]?.string }
        return states
    }

    @Test("commands see the run's time, variables, parameters and outputs; secrets are stars in the log")
    func templates() async throws {
        let project = try tasks(
            """
            first: {command: "echo '{\\"n\\": 3}'"}
            second:
              after: [first]
              command:
                run: "echo {{ outputs.first.n + 1 }} {{ params.who }} {{ var('region') }} {{ ds | length }} $X {{ env_var('MY_TOKEN') }}"
                env: {X: "{{ ti.xcom_pull('first').n }}"}
            """, more: "vars: {region: eu}")
        let run = try await LeatProcess.run(
            ["run", "p", "-p", "who=me"], in: project.directory, environment: ["MY_TOKEN": "very-secret", "NO_COLOR": "1"])
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        let logs = try await project.run("logs", "p", "second")
        #expect(logs.output.contains("4 me eu 10 3 ***"), "\(logs.output)")
        let shown = try await project.run("run", "show", "p", "--json")
        #expect(!shown.output.contains("very-secret"))
    }

    /// A shell's words that write a text of so many letters as one line.
    private static func line(of count: Int) -> String { "head -c \(count) /dev/zero | tr '\\\\0' x; echo" }

    @Test("an output of a megabyte reaches later tasks whole; a larger one does not, and the log says so")
    func largeOutputs() async throws {
        let limit = TaskOutcome.maximumOutput
        let project = try tasks(
            """
            # A text of JSON has two quotes more.
            most: {command: "\(Self.line(of: limit - 2))"}
            over: {command: "\(Self.line(of: limit - 1))"}
            large: {command: "\(Self.line(of: 3 * limit))"}
            cut: {command: "printf '[\\"%s\\", \\"☕\\"]' $(head -c 65530 /dev/zero | tr '\\\\0' y)"}
            read:
              after: [most, over, large, cut]
              command: "echo {{ outputs.most | length }} {{ outputs.cut[0] | length }} {{ outputs.cut[1] }} {{ ti.xcom_pull('over') }} {{ ti.xcom_pull('large') }}"
            """)
        #expect(try await project.run("run", "p").status == 0)
        #expect(try await project.run("logs", "p", "read").output.contains("\(limit - 2) 65530 ☕ None None"))
        for (task, size) in [("over", limit + 1), ("large", 3 * limit)] {
            let log = try await project.run("logs", "p", task).output
            #expect(log.contains("the output of \(size) bytes is not kept"), "\(log.suffix(300))")
        }
    }

    @Test("the answer of a server is read whole, whatever its lines are, up to a megabyte")
    func largeAnswers() async throws {
        let long = String(repeating: "ä", count: 100_000)
        let server = try HookServer(bodies: [
            "/json": "{\"a\": \"\(long)\",\n\n\"b\": 1}\n", "/huge": String(repeating: long, count: 12), "/nothing": "",
        ])
        let project = try tasks(
            """
            json: {http: "\(server.url)/json"}
            huge: {http: "\(server.url)/huge"}
            none: {http: "\(server.url)/nothing"}
            read:
              after: [json, huge, none]
              command: "echo {{ outputs.json.body.a | length }} {{ outputs.json.body.b }} {{ outputs.huge.body }} [{{ outputs.none.body }}]"
            """)
        let run = try await project.run("run", "p")
        #expect(run.status == 0, "\(run.output)")
        let log = try await project.run("logs", "p", "read").output
        #expect(log.contains("100000 1 None []"), "\(log)")
        #expect(try await project.run("logs", "p", "huge").output.contains("the output of 2400000 bytes is not kept"))
    }

    @Test("branches, short circuits and groups decide what runs")
    func decisions() async throws {
        let project = try tasks(
            """
            pick: {branch: "'g' if params.get('deep') else 'other'"}
            other: {empty: true, after: pick}
            g:
              after: pick
              tasks:
                one: {empty: true}
                inner: {after: one, tasks: {two: {empty: true}}}
            gate: {short_circuit: "params.deep", after: [g, other], trigger_rule: none_failed}
            last: {empty: true, after: gate}
            """)
        #expect(try await project.run("run", "p", "-p", "deep=true").status == 0)
        #expect(
            try await states(project) == [
                "pick": "success", "other": "skipped", "g.one": "success", "g.inner.two": "success", "gate": "success",
                "last": "success",
            ])
        #expect(try await project.run("run", "p", "-p", "deep=false").status == 0)
        let states = try await states(project)
        #expect(states["g.one"] == "skipped" && states["g.inner.two"] == "skipped" && states["last"] == "skipped")
    }

    @Test("a command's exit codes mean failure, another try, or nothing to do; a timeout ends all of it")
    func exitCodes() async throws {
        let project = try tasks(
            """
            again: {command: "exit $((2 - LEAT_TRY_NUMBER))", retries: {count: 1, delay: 10ms}}
            nothing: {command: {run: [sh, "-c", "exit 99"], skip_on_exit_code: 99}}
            slow: {command: "sleep 1000 & sleep 1000", timeout: 300ms}
            where: {command: {run: pwd, directory: sub}}
            """)
        try FileManager.default.createDirectory(
            at: project.directory.appending(path: "sub"), withIntermediateDirectories: true)
        let run = try await project.run("run", "p")
        #expect(run.status == 1 && run.output.contains("timed out after 300ms"), "\(run.output)")
        #expect(
            try await states(project) == ["again": "success", "nothing": "skipped", "slow": "failed", "where": "success"])
        #expect(try await project.run("logs", "p", "where").output.contains("/sub"))
    }

    @Test("waiting ends when the file is there")
    func waiting() async throws {
        let project = try tasks(
            """
            make: {command: "touch flag-{{ ds }}"}
            wait: {wait_for: {file: "flag-{{ ds }}", every: 100ms}}
            """)
        #expect(try await project.run("run", "p").status == 0)
    }

    @Test("a pipeline is a task of another, with parameters, and its failure is the task's")
    func pipelines() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              p:
                tasks:
                  good: {pipeline: {name: sub, params: {code: "{{ 2 - 2 }}"}}}
                  bad: {pipeline: {name: sub, params: {code: 4}}, after: [good]}
              sub: {tasks: {a: {command: "exit {{ params.code }}"}}}
            """)
        try await project.withScheduler {
            let ended = try await project.run("trigger", "p", "--wait")
            #expect(ended.status == 1, "\(ended.output) \(ended.errors)")
        }
        #expect(try await states(project) == ["good": "success", "bad": "failed"])
        #expect(try await project.json("runs", "sub").array?.count == 2)
    }

    /// Whether a process does anything; one that is dead and not yet waited for does not.
    private func isRunning(_ process: pid_t) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return kill(process, 0) == 0
        }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    @Test("a killed scheduler leaves no command behind that runs beside its successor")
    func killed() async throws {
        let project = try tasks(
            #"a: {command: "echo $$ >> pids; setsid sleep 1000; sleep 1000", retries: {count: 1, delay: 0s}}"#)
        let scheduler = try project.start("serve", "--no-web", "--log-format", "json")
        try await scheduler.wait(for: "scheduler_started")
        #expect(try await project.run("trigger", "p").status == 0)
        let file = project.directory.appending(path: "pids")
        func numbers() -> [pid_t] {
            ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { pid_t($0) }
        }
        while numbers().count < 1 { try await Task.sleep(for: .milliseconds(20)) }
        scheduler.send(SIGKILL)
        _ = try await scheduler.ended()
        let second = try project.start("serve", "--no-web", "--log-format", "json")
        while numbers().count < 2 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(!isRunning(numbers()[0]), "the first attempt's process is gone before the second begins")
        second.send(SIGTERM)
        #expect(try await second.ended().status == 0)
        #expect(!isRunning(numbers()[1]))
    }

    @Test(
        "mistakes have their place and a suggestion before anything runs",
        arguments: [
            ("a: {command: x, empty: true}", "exactly one of"), ("a: {branch: \"'b' iff\"}", "leat.yml:7:"),
            ("a: {empty: true, pool: db}", "there is no pool 'db'"), ("a: {sql: {querry: x}}", "did you mean 'query'?"),
            ("a: {pipeline: q}", "there is no pipeline 'q'"), ("a: {wait_for: {every: 1s}}", "exactly one of time"),
            ("a: {empty: true, retries: {cout: 1}}", "did you mean 'count'?"),
            ("g: {tasks: {x: {empty: true, after: y}}}", "there is no task 'y'"),
        ])
    func mistakes(task: String, text: String) async throws {
        let project = try tasks(task)
        let ended = try await project.run("validate")
        #expect(ended.status == 2 && ended.errors.contains(text), "\(ended.errors)")
    }

    @Test("a name that a template does not know fails the task, at its place")
    func unknownName() async throws {
        let project = try tasks(#"a: {command: "echo {{ dss }}"}"#)
        let run = try await project.run("run", "p")
        #expect(run.status == 1 && run.output.contains("'dss' is undefined"), "\(run.output)")
        let shown = try await project.json("run", "show", "p")
        #expect(shown["tasks"]?[0]?["error"]?["location"]?.string?.hasPrefix("leat.yml:7:") == true)
    }
}

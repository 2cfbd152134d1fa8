import Documents
import Foundation
import TestSupport
import Testing

/// Tasks in containers of a real engine.
@Suite(
    "Containers",
    .enabled(
        if: ContainerService.shared != nil, "podman is not here, or may not run containers: `podman system service` says why"))
struct ContainerTaskTests {
    private let service = ContainerService.shared

    /// - Parameter tasks: kinds of containers by the tasks' names, without the image and what this machine needs.
    private func project(_ tasks: [(name: String, text: String)]) throws -> ScratchProject {
        // What a confined machine needs: no network of its own, limits that its kernel grants.
        let common = "image: \(ContainerService.image), network: host, pull: never, ulimits: {nofile: 1024, nproc: 1024}"
        let lines = tasks.map { name, text in "      \(name): {container: {\(common), \(text)}" }
        return try ScratchProject(
            "name: demo\nversion: 1\npipelines:\n  p:\n    tasks:\n\(lines.joined(separator: "\n"))\n")
    }

    private func run(_ project: ScratchProject, _ arguments: String...) async throws -> LeatProcess.Ended {
        try await LeatProcess.run(
            arguments, in: project.directory, environment: environment.merging(["MY_TOKEN": "very-secret"]) { $1 })
    }

    private var environment: [String: String] { ["NO_COLOR": "1", "DOCKER_HOST": "unix://\(service?.socket ?? "")"] }

    @Test("logs, outputs, exit codes, folders and secrets; nothing is left of the containers")
    func journey() async throws {
        let project = try project([
            (
                "good",
                "command: \"echo from $WHO {{ ds | length }}; echo aside >&2; cat /in/file\", "
                    + "env: {WHO: \"{{ env_var('MY_TOKEN') }}\"}, volumes: [\"./in:/in:ro\"]}"
            ),
            ("bad", "command: [/bin/sh, -c, \"echo why; exit 7\"]}"),
            ("nothing", "command: \"exit 99\", skip_on_exit_code: 99}"),
            ("told", "command: [/bin/sh, -c, \"echo {{ env_var('MY_TOKEN') }}\"]}"),
            ("long", "command: \"for i in 1 2 3 4 5 6 7 8; do printf %9999d 0; done; sleep 1; echo x\"}"),
            ("hidden", "command: \"cat /proc/1/cmdline; echo {{ env_var('MY_TOKEN') }} $LEAT_TRY_NUMBER\"}"),
        ])
        let folder = project.directory.appending(path: "in")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "a file of the project\n".write(to: folder.appending(path: "file"), atomically: true, encoding: .utf8)
        let ended = try await run(project, "run", "p")
        #expect(ended.status == 1, "\(ended.output) \(ended.errors)")
        let shown = try JSON(parsing: try await run(project, "run", "show", "p", "--json").output)
        var tasks: [String: JSON] = [:]
        for task in shown["tasks"]?.array ?? [] { tasks[task["task"]?.string ?? ""] = task }
        #expect(tasks["good"]?["state"] == "success" && tasks["nothing"]?["state"] == "skipped", "\(ended.output)")
        #expect(tasks["long"]?["output"]?.string?.count == 8 * 9999 + 1, "a line of many pieces, with a pause in it")
        #expect(tasks["bad"]?["message"]?.string == "the container ended with exit code 7")
        #expect(tasks["told"]?["message"]?.string?.contains("a secret would be an argument") == true)
        let log = try await run(project, "logs", "p", "good").output
        #expect(log.contains("from *** 10") && log.contains("aside") && log.contains("a file of the project"), "\(log)")
        let hidden = try await run(project, "logs", "p", "hidden").output
        #expect(hidden.contains("s=$LEAT_SCRIPT") && hidden.contains("*** 1") && !hidden.contains("very-secret"), "\(hidden)")
        #expect(try await service?.containers("leat-good").isEmpty == true)
    }

    @Test("a timeout and a cancellation end the container and take it away")
    func stopped() async throws {
        let project = try project([("slowly", "command: \"echo up; sleep 1000\", grace_period: 0s}, timeout: 2s")])
        let ended = try await run(project, "run", "p")
        #expect(ended.status == 1 && ended.output.contains("timed out after 2s"), "\(ended.output)")
        #expect(try await service?.containers("leat-slowly").isEmpty == true)
        let endless = try self.project([("endless", "command: \"echo up; sleep 1000\", grace_period: 0s}")])
        let again = try LeatProcess(["run", "p"], in: endless.directory, environment: environment)
        while try await service?.containers("leat-endless").isEmpty == true { try await Task.sleep(for: .milliseconds(50)) }
        again.send(SIGINT)
        #expect(try await again.ended().status == 130)
        #expect(try await service?.containers("leat-endless").isEmpty == true)
    }

    @Test("limits, user, folder and entrypoint are the engine's; the address of its API may be one of the network")
    func settings() async throws {
        let service = try #require(service)
        let project = try project([
            (
                "seen",
                "entrypoint: [/bin/sh], command: [-c, \"cat; echo up; while [ ! -e /out/go ]; do sleep 0.1; done\"], cpus: 0.5, "
                    + "memory: 64m, user: \"1000\", directory: /tmp, volumes: [\"./out:/out\"], env: {A: b}}"
            )
        ])
        let out = project.directory.appending(path: "out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let process = try LeatProcess(
            ["run", "p"], in: project.directory,
            environment: ["NO_COLOR": "1", "DOCKER_HOST": try await service.networkAddress()])
        var name: String?
        while name == nil {
            try await Task.sleep(for: .milliseconds(50))
            name = try await service.containers("leat-seen").first
        }
        let seen = try await service.inspect(String(name?.dropFirst() ?? ""))
        try Data().write(to: out.appending(path: "go"))
        #expect(try await process.ended().status == 0)
        let host = seen["HostConfig"] as? [String: Any] ?? [:]
        #expect(host["NanoCpus"] as? Int == 500_000_000 && host["Memory"] as? Int == 64 << 20, "\(host)")
        #expect(host["MemorySwap"] as? Int == 64 << 20 && host["NetworkMode"] as? String == "host", "\(host)")
        let config = seen["Config"] as? [String: Any] ?? [:]
        #expect(config["User"] as? String == "1000" && config["WorkingDir"] as? String == "/tmp", "\(config)")
        #expect(config["Entrypoint"] as? [String] == ["/bin/sh"] && (config["Env"] as? [String])?.contains("A=b") == true)
        let absent = try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              p:
                tasks:
                  never: {container: {image: localhost/not-here, pull: never, command: x}}
                  missing: {container: {image: "localhost:1/not-here", command: x}}
                  always: {container: {image: "localhost:1/leat-test", pull: always, command: x}}
            """)
        let output = try await run(absent, "run", "p").output
        #expect(output.contains("the image 'localhost/not-here' is not here, and `pull: never`"), "\(output)")
        #expect(output.contains("the image 'localhost:1/not-here' cannot be pulled"), "\(output)")
        #expect(output.contains("the image 'localhost:1/leat-test' cannot be pulled"), "\(output)")
    }

    @Test("a container that is asked to end has its time for it")
    func graceful() async throws {
        let project = try project([
            (
                "polite",
                "command: \"trap 'echo asked > /out/asked; exit 0' TERM; echo up > /out/up; while :; do sleep 0.1; done\", "
                    + "grace_period: 60s, volumes: [\"./out:/out\"]}"
            )
        ])
        let out = project.directory.appending(path: "out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: out.appending(path: name).path) }
        let process = try LeatProcess(["run", "p"], in: project.directory, environment: environment)
        while !exists("up") { try await Task.sleep(for: .milliseconds(50)) }
        process.send(SIGINT)
        #expect(try await process.ended().status == 130)
        #expect(exists("asked"))
        #expect(try await service?.containers("leat-polite").isEmpty == true)
    }

    @Test(
        "a killed scheduler's container goes on, and the next scheduler waits for it: it runs once, and each line is in the log once"
    )
    func killed() async throws {
        let project = try project([
            (
                "once",
                "command: \"echo begun; echo x >> /out/count; while [ ! -e /out/go ]; do sleep 0.1; done; echo ended\", "
                    + "volumes: [\"./out:/out\"]}"
            )
        ])
        let out = project.directory.appending(path: "out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let first = try LeatProcess(
            ["serve", "--no-web", "--log-format", "json"], in: project.directory, environment: environment)
        try await first.wait(for: "scheduler_started")
        #expect(try await run(project, "trigger", "p").status == 0)
        func count() -> String { (try? String(contentsOf: out.appending(path: "count"), encoding: .utf8)) ?? "" }
        while count().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        // Its first line is to be in the log of the first process.
        while try await !run(project, "logs", "p", "once").output.contains("begun") {
            try await Task.sleep(for: .milliseconds(50))
        }
        first.send(SIGKILL)
        _ = try await first.ended()
        let second = try LeatProcess(
            ["serve", "--no-web", "--log-format", "json"], in: project.directory, environment: environment)
        while try await !run(project, "logs", "p", "once").output.contains("takes up the container") {
            try await Task.sleep(for: .milliseconds(50))
        }
        try Data().write(to: out.appending(path: "go"))
        var state: String?
        while state != "success", state != "failed" {
            try await Task.sleep(for: .milliseconds(50))
            state = try JSON(parsing: try await run(project, "run", "show", "p", "--json").output)["state"]?.string
        }
        second.send(SIGTERM)
        _ = try await second.ended()
        #expect(state == "success")
        #expect(count() == "x\n")
        let log = try await run(project, "logs", "p", "once").output
        #expect(log.components(separatedBy: "begun").count == 2 && log.contains("ended"), "\(log)")
        #expect(try await service?.containers("leat-once").isEmpty == true)
    }
}

/// Where there is no engine.
@Suite("Without containers")
struct NoContainerTests {
    @Test("an engine that is not there is said with where it was looked for")
    func noEngine() async throws {
        let project = try ScratchProject(
            "name: demo\nversion: 1\npipelines: {p: {tasks: {a: {container: {image: x, command: \"true\"}}}}}\n")
        let cases = [
            ("unix:///nowhere/socket", "cannot be reached"), ("ssh://me@there", "which Leat cannot speak to"),
            ("tcp://", "which Leat cannot speak to"), ("tcp://127.0.0.1:99999", "which Leat cannot speak to"),
            ("tcp://127.0.0.1:1", "cannot be reached"),
        ]
        for (host, words) in cases {
            let ended = try await LeatProcess.run(
                ["run", "p"], in: project.directory, environment: ["NO_COLOR": "1", "DOCKER_HOST": host])
            #expect(ended.status == 1 && ended.output.contains(words), "\(ended.output)")
        }
    }

    @Test(
        "mistakes have their place",
        arguments: [
            ("{image: x, memory: lots}", "'memory' cannot be 'lots'"), ("{image: x, pull: allways}", "did you mean 'always'"),
            ("{image: x, cpus: none}", "a number of processors"), ("{command: x}", "needs the key 'image'"),
            ("{image: x, volume: [a]}", "volumes"),
        ])
    func mistakes(text: String, message: String) async throws {
        let project = try ScratchProject(
            "name: demo\nversion: 1\npipelines:\n  p:\n    tasks:\n      a: {container: \(text)}\n")
        let ended = try await project.run("validate")
        #expect(ended.status == 2)
        #expect((ended.errors + ended.output).localizedCaseInsensitiveContains(message), "\(ended.errors)")
        #expect((ended.errors + ended.output).contains("leat.yml:6"), "\(ended.errors)")
    }

    @Test("a command that takes too much memory or processor time is ended with all it has started, and told so")
    func limits() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            pipelines:
              p:
                tasks:
                  hungry: {command: {run: "exec python3 -c 'x = bytearray(300 << 20); import time; time.sleep(1000)'", memory: 100m}}
                  busy: {command: {run: "(while :; do :; done) & while :; do :; done", cpu_time: 500ms}}
                  modest: {command: {run: "echo well", memory: 100m, cpu_time: 1h}}
            """)
        #expect(try await project.run("run", "p").status == 1)
        let shown = try await project.json("run", "show", "p")
        var messages: [String: String] = [:]
        for task in shown["tasks"]?.array ?? [] {
            messages[task["task"]?.string ?? ""] = (task["state"]?.string ?? "") + " " + (task["message"]?.string ?? "")
        }
        #expect(messages["hungry"]?.contains("and may hold 100 MB") == true, "\(messages)")
        #expect(messages["busy"]?.contains("met its limit of processor time, 500ms") == true, "\(messages)")
        #expect(messages["modest"]?.hasPrefix("success") == true, "\(messages)")
    }
}

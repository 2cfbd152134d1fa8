import Documents
import Foundation
import Orchestrate
import TestSupport
import Testing

@testable import Project

/// People are told what happens in runs, by the program and by real servers.
@Suite("Notifications")
struct NotificationTests {
    @Test("a webhook, Slack and a command hear of failures and of recovery; secrets are stars")
    func channels() async throws {
        let server = try HookServer()
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            channels:
              hook:
                webhook: {url: "{{ env_var('HOOK_URL') }}/hook", headers: {X-Key: "{{ env_var('HOOK_KEY') }}"}}
              team:
                slack: {url: "\(server.url)/services/T0/B0", channel: "#data"}
                text: "{{ event }} of {{ pipeline }} on {{ ds }} with {{ params.day }}{% if failed_tasks %}: {{ failed_tasks | join }}{% endif %}"
              script: {command: {run: "cat > told-$LEAT_EVENT.json; echo $WHO >> told-$LEAT_EVENT.json", env: {WHO: "{{ owner }}"}}}
            notify: {to: [hook, team], on: [failure, recovery, success]}
            pipelines:
              p:
                params: {day: monday}
                defaults: {owner: Data}
                notify: [{on: [failure, recovery], to: [hook, team, script]}, {on: success, to: hook}]
                tasks:
                  good: {empty: true}
                  bad: {command: "echo $MY_TOKEN; test -e mended || cat {{ env_var('MY_TOKEN') }}"}
            """)
        func run() async throws -> LeatProcess.Ended {
            try await LeatProcess.run(
                ["run", "p"], in: project.directory,
                environment: ["MY_TOKEN": "very-secret", "HOOK_URL": server.url, "HOOK_KEY": "key-of-the-hook", "NO_COLOR": "1"])
        }
        let failed = try await run()
        #expect(failed.status == 1 && !failed.errors.contains("Warning"), "\(failed.output) \(failed.errors)")
        let first = server.requests
        #expect(Set(first.map { "\($0.method) \($0.path)" }) == ["POST /hook", "POST /services/T0/B0"])
        let hook = try #require(first.first { $0.path == "/hook" })
        #expect(hook.headers["x-key"] == "key-of-the-hook" && hook.headers["content-type"] == "application/json")
        let document = try JSON(parsing: hook.body)
        #expect(document["events"]?.array?.count == 1)
        let event = try #require(document["events"]?.array?.first)
        #expect(event["event"] == "failure" && event["pipeline"] == "p" && event["failed_tasks"] == ["bad"])
        #expect(event["message"]?.string?.contains("bad: the command ended with exit code 1") == true, "\(event)")
        let slack = try JSON(parsing: try #require(first.first { $0.path != "/hook" }).body)
        #expect(slack["channel"] == "#data")
        #expect(slack["text"]?.string?.wholeMatch(of: /failure of p on \d{4}-\d\d-\d\d with monday: bad/) != nil, "\(slack)")
        let told = try String(contentsOf: project.directory.appending(path: "told-failure.json"), encoding: .utf8)
        #expect(told.contains("\"event\":\"failure\"") || told.contains("\"event\": \"failure\""), "\(told)")
        #expect(told.hasSuffix("Data\n"))
        #expect(!(first.map(\.body).joined() + told).contains("very-secret"))

        try Data().write(to: project.directory.appending(path: "mended"))
        #expect(try await run().status == 0)
        let later = server.requests.dropFirst(2)
        // Who was told of the recovery needs no word of the success.
        #expect(later.count == 2)
        let recovered = try JSON(parsing: try #require(later.first { $0.path == "/hook" }).body)
        #expect(recovered["events"]?.array?.compactMap { $0["event"]?.string } == ["recovery"], "\(recovered)")
        #expect(try await run().status == 0)
        #expect(server.requests.dropFirst(4).map(\.path) == ["/hook"])
        let files = try FileManager.default.subpathsOfDirectory(atPath: project.directory.path)
        #expect(!files.contains { $0.contains("notifications/") && $0.hasSuffix(".json") })
    }

    @Test("a channel is tried by a command, which says what was answered")
    func tried() async throws {
        let good = try HookServer()
        let strict = try HookServer(statuses: [403])
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            channels:
              team: {slack: "\(good.url)/hook", text: "{{ event }}: {{ message }}"}
              strict: {webhook: "\(strict.url)/secret-address"}
              wrong: {webhook: "\(good.url)/", text: "{{ nothing.at_all }}"}
              script: {command: "echo $LEAT_EVENT >> told; exit 3"}
            pipelines: {p: {tasks: {t: {empty: true}}}}
            """)
        #expect(try await project.json("notify", "test", "team", "--event", "recovery")["sent"] == true)
        #expect(try JSON(parsing: good.requests[0].body)["text"] == "recovery: this is a test of the channel 'team'")
        let refused = try await project.run("notify", "test", "strict")
        #expect(refused.status == 1 && refused.errors.contains("status 403") && !refused.errors.contains("secret-address"))
        let wrong = try await project.run("notify", "test", "wrong")
        #expect(wrong.status == 2 && wrong.errors.contains("'nothing' is undefined") && wrong.errors.contains("leat.yml:6"))
        #expect(good.requests.count == 1)
        #expect(try await project.run("notify", "test", "script").errors.contains("exit code 3"))
        #expect(try String(contentsOf: project.directory.appending(path: "told"), encoding: .utf8) == "failure\n")
        let unknown = try await project.run("notify", "test", "teem")
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean 'team'?"), "\(unknown.errors)")
    }

    @Test("many failures are two messages, not a storm; tasks have rules of their own")
    func storm() async throws {
        let server = try HookServer()
        let tasks = (1...40).map { "      t\($0): {command: \"exit 1\"}" }.joined(separator: "\n")
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            channels:
              hook: {webhook: "\(server.url)/hook", every: 10m}
            pipelines:
              p:
                max_active_tasks: 2
                defaults: {notify: {on: failure, to: hook}, retries: {count: 0}}
                tasks:
                  again: {command: "exit 1", retries: {count: 1, delay: 10ms}, notify: {on: [retry], to: hook}}
            \(tasks)
            """)
        #expect(try await project.run("run", "p").status == 1)
        let bodies = try server.requests.map { try JSON(parsing: $0.body) }
        #expect(bodies.count == 2, "\(bodies.count) messages")
        let events = bodies.flatMap { $0["events"]?.array ?? [] }
        #expect(events.count == 41)
        #expect(events.filter { $0["event"] == "retry" }.map { $0["task_id"] } == ["again"])
        let text = bodies.last?["text"]?.string ?? ""
        #expect(text.split(separator: "\n").count <= ChannelDelivery.maximumTexts + 1)
        #expect(text.contains(" more: "), "\(text)")
    }

    @Test("what could not be sent is said, and sent by the next process")
    func kept() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            channels: {hook: {webhook: "http://127.0.0.1:1/hook"}}
            notify: hook
            pipelines: {p: {tasks: {bad: {command: "exit 1"}}}}
            """)
        let first = try await project.run("run", "p")
        #expect(first.status == 1)
        #expect(first.errors.contains("could not be sent through the channel 'hook'"), "\(first.errors)")
        #expect(first.errors.contains("the next `leat serve` tries again"))
        let folder = project.directory.appending(path: ".leat/notifications").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        let server = try HookServer()
        let text = try String(contentsOf: project.directory.appending(path: "leat.yml"), encoding: .utf8)
        try project.write(text.replacing("http://127.0.0.1:1/", with: server.url + "/"))
        #expect(try await project.run("run", "p").status == 1)
        let events = try server.requests.flatMap { try JSON(parsing: $0.body)["events"]?.array ?? [] }
        #expect(events.count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("a server that is down for a while is asked again; one that refuses is not, and the audit log says so")
    func retries() async throws {
        let flaky = try HookServer(statuses: [503, 429])
        let strict = try HookServer(statuses: [404])
        let scratch = try ScratchProject(
            """
            name: demo
            version: 1
            channels: {flaky: {webhook: "\(flaky.url)/"}, strict: {slack: "\(strict.url)/secret-address"}}
            notify: {to: [flaky, strict], on: success}
            pipelines: {p: {tasks: {good: {empty: true}}}}
            """)
        let project = try LeatProject.load(from: scratch.directory.path)
        let store = try ProjectStore.open(project)
        let notifier = Notifier(
            store: store, project: { project }, retries: RetryPolicy(count: 3, delay: .milliseconds(1)), problem: { _ in })
        let run = try await PipelineRun.prepare(pipeline: "p", of: project)
        let id = RunID(pipeline: "p", name: "one")
        let moment = Timestamp(seconds: 1_700_000_000)
        let record = RunRecord(id: id, request: RunRequest(name: "one"), queuedAt: moment)
        let result = RunResult(id: id, state: .success, startedAt: moment, finishedAt: moment, tasks: [])
        notifier.observe(
            RunEvent(run: id, time: moment, kind: .runFinished(result)),
            of: ObservedRun(definition: run.pipeline, record: record))
        _ = try await flaky.wait(for: 3)
        await notifier.drain()
        #expect(flaky.requests.count == 3 && strict.requests.count == 1)
        let audit = try await store.audit(AuditFilter(action: "notification_failed"))
        #expect(audit.count == 1 && audit.first?.details["channel"] == "strict")
        #expect(audit.first?.details["error"]?.string?.contains("status 404") == true)
        #expect("\(audit)".contains("secret-address") == false)
        try store.close()
    }

    @Test("a late run is told of once, while it runs")
    func deadline() async throws {
        let server = try HookServer()
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            channels: {hook: {webhook: "\(server.url)/", every: 10ms}}
            notify: hook
            pipelines:
              p: {deadline: 100ms, tasks: {slow: {wait_for: {file: go, every: 100ms}}}}
            """)
        let process = try project.start("run", "p")
        let requests = try await server.wait(for: 1)
        let event = try JSON(parsing: requests[0].body)["events"]?.array?.first
        #expect(event?["event"] == "deadline" && event?["state"] == "running", "\(requests[0].body)")
        try Data().write(to: project.directory.appending(path: "go"))
        #expect(try await process.ended().status == 0)
        #expect(server.requests.count == 1)
    }

    @Test(
        "mistakes are found before anything runs, with their places",
        arguments: [
            ("channels: {a: {webhook: x}}\nnotify: b", "there is no channel 'b'", "leat.yml:4"),
            ("channels: {team: {webhook: x}}\nnotify: {to: teem}", "did you mean 'team'", "leat.yml:4"),
            ("channels: {a: {webhook: x}}\nnotify: {to: a, on: failed}", "nobody can be told of 'failed'", "leat.yml:4"),
            ("channels: {a: {webhok: x}}", "webhook", "leat.yml:3"),
            ("channels: {a: {webhook: x, slack: y}}", "exactly one of webhook, slack, command", "leat.yml:3"),
            ("channels: {a: {webhook: x, text: \"{{ }\"}}", "unexpected", "leat.yml:3"),
        ])
    func mistakes(text: String, message: String, place: String) async throws {
        let project = try ScratchProject("name: demo\nversion: 1\n\(text)\npipelines: {p: {tasks: {t: {empty: true}}}}\n")
        let ended = try await project.run("validate")
        #expect(ended.status == 2)
        #expect((ended.errors + ended.output).localizedCaseInsensitiveContains(message), "\(ended.errors)")
        #expect((ended.errors + ended.output).contains(place), "\(ended.errors)")
    }
}

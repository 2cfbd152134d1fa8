import Documents
import Foundation
import HTTPTypes
import Orchestrate
import Processes
import Project
import Synchronization
import TestSupport
import Testing

@testable import Serve

private enum Schemathesis {
    /// The folder of its programs; nil where it cannot be installed.
    static let folder = PythonPackages.folder("schemathesis")
}

@Suite("Leat's own API")
struct LeatAPITests {
    /// A client of the API, logged in as the user of a role.
    private struct API {
        let client: TestClient
        let login: [String: String]

        init(_ site: TestSite, _ role: Role = .admin) {
            client = TestClient(base: site.base)
            let text = Data("\(role.rawValue):\(TestSite.password)".utf8).base64EncodedString()
            login = ["Authorization": "Basic \(text)", "Content-Type": "application/json"]
        }

        func send(
            _ method: String, _ path: String, _ body: JSON? = nil, headers: [String: String] = [:]
        ) async throws -> (status: Int, json: JSON, headers: [String: String]) {
            let answer = try await client.send(
                method, APIOperation.prefix + path, headers: login.merging(headers) { $1 }, body: body?.text())
            return (answer.status, (try? JSON(parsing: answer.text)) ?? .null, answer.headers)
        }
    }

    @Test("its document describes every one of its routes, with the permission that the door asks for")
    func document() async throws {
        let site = try await TestSite.start()
        let own = site.server.site.routes.filter { $0.path.hasPrefix(APIOperation.prefix) }
        let document = try await API(site).send("GET", "/openapi.json").json
        #expect(own.count > 50)
        var ids: Set<String> = []
        for route in own {
            let path = route.path.replacing(/:([a-z]+)/) { "{\($0.output.1)}" }
            let operation = document["paths"]?[path]?[route.method.rawValue.lowercased()]
            #expect(operation?["x-permission"]?.string == route.permission?.rawValue, "\(route.method) \(path)")
            let isNew = ids.insert(operation?["operationId"]?.string ?? "").inserted
            #expect(isNew, "\(route.method) \(path)")
        }
        try await site.stop()
    }

    @Test("pipelines and runs: listed, triggered with parameters, paused, cleared, cancelled, removed")
    func runs() async throws {
        let site = try await TestSite.start()
        let api = API(site, .editor)
        #expect(try await api.send("GET", "/pipelines?search=hour").json["items"]?[0]?["name"] == "hourly")
        #expect(try await api.send("PATCH", "/pipelines/hourly", ["paused": true]).json["paused"] == true)
        #expect(try await api.send("GET", "/pipelines?paused=true").json["total"] == 1)
        let run = try await api.send("POST", "/pipelines/hourly/runs", ["name": "mine", "note": "n"])
        #expect(run.status == 201 && run.json["state"] == "queued")
        #expect(try await api.send("POST", "/pipelines/hourly/runs", ["name": "mine"]).status == 409)
        #expect(try await api.send("POST", "/pipelines/hourly/runs", ["colour": 1]).status == 422)
        #expect(try await api.send("POST", "/pipelines/hourly/runs", ["name": "../../up"]).status == 422)
        #expect(try await api.send("POST", "/pipelines/none/runs", [:]).status == 404)
        for path in ["/assets/..%2F..%2Fleat.yml", "/assets/%2e%2e/leat.yml", "/assets//etc/passwd"] {
            #expect(try await api.client.send("GET", path).status == 404, "\(path)")
        }
        #expect(try await api.send("POST", "/pipelines/hourly/runs/mine/cancel").json["state"] == "cancelled")
        #expect(try await api.send("POST", "/pipelines/hourly/runs/mine/cancel").status == 409)
        _ = try await site.addRun("done", state: .failed, tasks: [("first", .success), ("second", .failed)])
        #expect(try await api.send("GET", "/runs?state=failed&limit=1").json["items"]?[0]?["name"] == "done")
        let tasks = try await api.send("GET", "/pipelines/hourly/runs/done/tasks?state=failed").json
        #expect(tasks["items"]?[0]?["name"] == "second")
        let dry = try await api.send("POST", "/pipelines/hourly/runs/done/clear", ["only_failed": true, "dry_run": true]).json
        #expect(dry["count"] == 1)
        #expect(try await api.send("DELETE", "/pipelines/hourly/runs/done").status == 204)
        #expect(try await api.send("GET", "/pipelines/hourly/runs/done").status == 404)
        let plan: JSON = ["from": "2026-01-01", "to": "2026-01-01T02:00:00Z", "dry_run": true]
        #expect(try await api.send("POST", "/pipelines/hourly/backfills", plan).json["count"] == 3)
        try await site.stop()
    }

    @Test("a webhook with a token of its own starts a run, and nobody else's does")
    func hooks() async throws {
        let site = try await TestSite.start()
        let token = try await site.access.makeToken("hook", of: "operator", role: .operator)
        let weak = try await site.access.makeToken("weak", of: "operator", role: .viewer)
        let client = TestClient(base: site.base)
        let path = APIOperation.prefix + "/hooks/hourly"
        let headers = ["Content-Type": "application/json"]
        #expect(try await client.send("POST", path, headers: headers, body: "{}").status == 401)
        for (secret, status) in [(weak, 403), (token, 201)] {
            let answer = try await client.send(
                "POST", path, headers: headers.merging(["X-Leat-Token": secret]) { $1 }, body: #"{"ref": "main"}"#)
            #expect(answer.status == status, "\(answer.text)")
        }
        #expect(try await site.store.runs(of: "hourly", limit: 5).map(\.parameters) == [["ref": "main"]])
        try await site.stop()
    }

    @Test("sources are defined, read with ETags, changed only as they were read, and removed")
    func definitions() async throws {
        let site = try await TestSite.start(leatYML: DefinedSite.file)
        let api = API(site, .editor)
        let draft: JSON = [
            "name": "shop", "connector": "postgres",
            "config": ["host": "localhost", "database": "d", "username": "u", "password": "hush hush"],
        ]
        let made = try await api.send("POST", "/sources", draft)
        #expect(made.status == 201 && made.json["config"]?["password"] == "**********" && made.json["read_only"] == false)
        let read = try await api.send("GET", "/sources/shop")
        let tag = try #require(read.headers["etag"])
        #expect(try await api.send("GET", "/sources/shop", headers: ["If-None-Match": tag]).status == 304)
        var changed = draft.object!
        changed["config"] = ["host": "elsewhere", "database": "d", "username": "u", "password": "**********"]
        let stale = try await api.send("PUT", "/sources/shop", .object(changed), headers: ["If-Match": "\"old\""])
        #expect(stale.status == 412)
        #expect(try await api.send("PUT", "/sources/shop", .object(changed), headers: ["If-Match": tag]).status == 200)
        #expect(site.server.site.project.sources.last?.config["password"] == "hush hush")
        #expect(site.server.site.project.sources.last?.config["host"] == "elsewhere")
        #expect(try await api.send("GET", "/sources/shop", headers: ["If-None-Match": tag]).status == 200)

        changed["config"] = ["host": "h", "port": 99_999, "database": "d", "username": "u"]
        let wrong = try await api.send("PUT", "/sources/shop", .object(changed))
        #expect(wrong.status == 422 && wrong.json["field"] == "config.port", "\(wrong.json.text())")
        #expect(wrong.json["request_id"]?.string?.isEmpty == false)
        changed["config"] = ["host": "169.254.169.254", "database": "d", "username": "u"]
        #expect(try await api.send("POST", "/sources/check", .object(changed)).status == 403)
        #expect(try await api.send("DELETE", "/sources/old").status == 409)
        let connection: JSON = ["name": "Orders", "source": "shop", "destination": "warehouse", "streams": [["name": "orders"]]]
        #expect(try await api.send("POST", "/connections", connection).json["pipeline"] == "sync.Orders")
        #expect(
            try await api.send("POST", "/connections/Orders/runs", ["action": "clear"]).json["parameters"]?["action"] == "clear")
        #expect(try await API(site, .operator).send("DELETE", "/sources/shop").status == 403)
        #expect(try await api.send("DELETE", "/sources/shop").status == 204)
        #expect(try await api.send("GET", "/connections").json["total"] == 0)
        let audit = try await site.store.audit(limit: 20).map(\.action)
        #expect(audit.contains("create source") && audit.contains("delete source"))
        #expect(try await !site.store.audit(limit: 20).contains { $0.details.text().contains("hush") })
        try await site.stop()
    }

    private enum DefinedSite {
        static let file = """
            name: waterworks
            version: 1
            sources:
              old: {connector: postgres, config: {host: localhost, database: a, username: u}}
            destinations:
              warehouse: {connector: postgres, config: {host: localhost, database: b, username: u}}
            """
    }

    @Test("variables are kept, secrets are written and never read, users and tokens are an admin's")
    func values() async throws {
        let site = try await TestSite.start()
        let api = API(site)
        #expect(try await api.send("PUT", "/variables/days", ["value": 7]).json["type"] == "int")
        #expect(try await api.send("PUT", "/variables/pin", ["value": "1234", "encrypted": true]).json["value"] == "***")
        #expect(try await api.send("GET", "/variables").json["total"] == 2)
        let secret = try await api.send("PUT", "/secrets/key", ["value": "hush hush"])
        #expect(secret.status == 200 && !secret.json.text().contains("hush"))
        #expect(try await !api.send("GET", "/secrets").json.text().contains("hush"))
        #expect(try await api.send("DELETE", "/secrets/none").status == 404)
        #expect(
            try await api.send("PUT", "/users/new", ["role": "viewer", "password": 12_345_678]).json.text().contains("12345678")
                == false)
        #expect(try await api.send("PUT", "/users/new", ["role": "viewer", "password": "long enough"]).status == 200)
        let token = try await api.send("POST", "/tokens", ["label": "ci", "user": "new", "role": "viewer"])
        #expect(token.status == 201 && token.json["secret"]?.string?.hasPrefix("leat_") == true)
        #expect(try await !api.send("GET", "/tokens").json.text().contains(token.json["secret"]?.string ?? "leat_"))
        #expect(try await API(site, .editor).send("GET", "/users").status == 403)
        try await site.stop()
    }

    @Test("events come when something changes, and too many requests are told when to come again")
    func limits() async throws {
        let limit = RateLimit(rate: 10)
        let now = ContinuousClock.now
        for _ in 0..<30 { #expect(limit.wait(of: "a", at: now) == nil) }
        #expect(limit.wait(of: "a", at: now) == 1)
        #expect(limit.wait(of: "b", at: now) == nil)
        #expect(limit.wait(of: "a", at: now + .seconds(1)) == nil)
        #expect(RateLimit(rate: 0).wait(of: "a") == nil)

        let site = try await TestSite.start()
        let api = API(site)
        let big = JSON.string(String(repeating: "x", count: 2 << 20))
        #expect(try await api.send("POST", "/query", ["sql": big]).status == 413)
        let events = Task {
            try await PythonPackages.run(
                "sh",
                [
                    "-c", "curl -sN -u \"viewer:$1\" \"$0\" | grep -m 1 change", "\(site.base)\(APIOperation.prefix)/events",
                    TestSite.password,
                ])
        }
        // Until the stream has heard of one of them. It is told to end and not cancelled: a URLSession's task that is cancelled while it
        // begins waits for itself.
        let hasHeard = Mutex(false)
        async let changes: Void = {
            var number = 0
            while !hasHeard.withLock({ $0 }) {
                number += 1
                _ = try await api.send("PUT", "/variables/x", ["value": .int(number)])
            }
        }()
        #expect(try await events.value.output.contains("event: change"))
        hasHeard.withLock { $0 = true }
        try await changes
        try await site.stop()
    }

    @Test(
        "schemathesis finds no answer that its document does not allow, and no error of the server",
        .enabled(if: Schemathesis.folder != nil, "it cannot be installed: scripts/connectors.sh schemathesis says why"))
    func schemathesis() async throws {
        let program = try #require(Schemathesis.folder) + "/st"
        let site = try await TestSite.start(leatYML: DefinedSite.file + "\npipelines: {one: {tasks: {only: {empty: true}}}}\n")
        _ = try await site.addRun("done", of: "one", tasks: [("only", .success)])
        // A user of its own, for the tests change and remove users.
        let token = try await site.access.makeToken("schemathesis", of: "editor", role: .editor)
        // In a folder of the test's own, for it keeps a cache where it runs.
        let (status, output) = try await PythonPackages.run(
            "sh",
            [
                "-c", "cd \"$0\" && exec \"$@\"", site.folder, program,
                "run", "\(site.base)\(APIOperation.prefix)/openapi.json", "--url", site.base, "-H",
                "Authorization: Bearer \(token)",
                "--exclude-operation-id", "events", "--exclude-operation-id", "followLog", "--max-examples", "5", "--no-shrink",
                "--phases", "examples,fuzzing", "--seed", "1", "--continue-on-failure", "--warnings", "off", "-c",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                "--suppress-health-check", "all", "--request-timeout", "60",
            ])
        #expect(status == .exited(0), "\(output)")
        try await site.stop()
    }
}

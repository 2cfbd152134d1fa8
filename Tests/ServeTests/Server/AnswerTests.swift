import Documents
import Foundation
import HTTPTypes
import Orchestrate
import Synchronization
import Testing

@testable import Serve

@Suite("What answers have in common")
struct AnswerTests {
    private static func login(_ role: Role) -> [String: String] {
        ["Authorization": "Basic " + Data("\(role.rawValue):\(TestSite.password)".utf8).base64EncodedString()]
    }

    /// The address of a route with something in each of its parts.
    private static func address(_ route: Route) -> String {
        route.path.replacing("/:pipeline", with: "/hourly").replacing(/:[a-z]+/, with: "none")
    }

    @Test("each address of the APIs tells every mistake as a problem document that has the request's id")
    func problems() async throws {
        let site = try await TestSite.start()
        let client = TestClient(base: site.base)
        let faces = ["/api/leat/v1", "/api/public/v1", "/api/v1", "/api/v2"]
        var seen: [String: Int] = [:]
        for route in site.server.site.routes where route.path.hasPrefix("/api/") && !route.path.hasSuffix("/events") {
            let name = "\(route.method) \(Self.address(route))"
            // Nobody; a document that is none; one that is too long; and what is not there.
            var answers: [TestClient.Answer] = []
            if route.permission != nil { answers.append(try await client.send(route.method.rawValue, Self.address(route))) }
            let isRead = route.method == .get || route.method == .delete
            for body in isRead ? [nil] : ["{\"a\": ", "[1, 2]"] {
                answers.append(
                    try await client.send(
                        route.method.rawValue, Self.address(route),
                        headers: Self.login(.admin).merging(["Content-Type": "application/json"]) { $1 }, body: body))
            }
            for answer in answers {
                let id = try #require(answer.headers["x-request-id"], "\(name)")
                #expect(!id.isEmpty)
                #expect(answer.status < 500 || answer.status == 501, "\(name): \(answer.status) \(answer.text.prefix(200))")
                #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true, "\(name)")
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(name)")
                guard answer.status >= 400 else { continue }
                seen[faces.first { route.path.hasPrefix($0 + "/") } ?? route.path, default: 0] += 1
                #expect(answer.headers["content-type"] == "application/problem+json", "\(name)")
                let problem = try JSON(parsing: answer.text)
                #expect(problem["status"]?.int == answer.status && problem["title"]?.string?.isEmpty == false, "\(name)")
                #expect(problem["detail"]?.string?.isEmpty == false && problem["request_id"]?.string == id, "\(name)")
            }
        }
        #expect(seen.keys.sorted() == faces.sorted())
        #expect(seen.values.allSatisfy { $0 > 20 }, "\(seen)")
        try await site.stop()
    }

    @Test("what is read of any API has a tag, and is not sent again to who has it")
    func tags() async throws {
        let site = try await TestSite.start()
        _ = try await site.addRun("one", tasks: [("first", .success), ("second", .success)])
        let client = TestClient(base: site.base)
        for path in [
            "/api/leat/v1/pipelines", "/api/leat/v1/runs", "/api/public/v1/workspaces", "/api/public/v1/sources",
            "/api/public/v1/jobs", "/api/v1/dags", "/api/v1/dags/hourly/dagRuns", "/api/v2/dags/hourly/details",
            "/api/v2/dags/hourly/dagRuns/one/taskInstances",
        ] {
            let first = try await client.send("GET", path, headers: Self.login(.viewer))
            let tag = try #require(first.headers["etag"], "\(path)")
            #expect(first.status == 200 && first.headers["cache-control"] == "private, no-cache")
            for list in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
                let again = try await client.send(
                    "GET", path, headers: Self.login(.viewer).merging(["If-None-Match": list]) { $1 })
                #expect(again.status == 304 && again.text.isEmpty, "\(path) \(list)")
                #expect(again.headers["x-request-id"] != first.headers["x-request-id"])
            }
            let other = try await client.send(
                "GET", path, headers: Self.login(.viewer).merging(["If-None-Match": "\"other\""]) { $1 })
            #expect(other.status == 200 && other.text == first.text)
        }
        try await site.stop()
    }

    @Test("a document or a form of more than a megabyte is refused, by whichever address it comes")
    func size() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.admin)
        _ = try await client.get("/")
        let long = String(repeating: "x", count: (1 << 20) + 1)
        for path in [
            "/api/leat/v1/pipelines/hourly/runs", "/api/public/v1/sources", "/api/v1/variables", "/api/v2/dags/hourly/dagRuns",
            "/auth/token",
        ] {
            let answer = try await client.send("POST", path, headers: Self.login(.admin), body: "{\"a\": \"\(long)\"}")
            #expect(answer.status == 413 && answer.headers["content-type"] == "application/problem+json", "\(path)")
        }
        #expect(try await client.post("/pipelines/hourly/trigger", ["note": long]).status == 413)
        #expect(try await client.post("/admin/variables", ["name": "n", "value": long]).status == 413)
        #expect(try await site.store.runs(of: "hourly", limit: 1).isEmpty)
        try await site.stop()
    }

    @Test("too many requests are refused on every face, with the time to wait")
    func rate() async throws {
        let site = try await TestSite.start(options: ServerOptions(port: 0, requestsPerSecond: 1))
        let client = TestClient(base: site.base)
        for path in ["/api/leat/v1/pipelines", "/api/public/v1/workspaces", "/api/v1/dags", "/api/v2/dags", "/login"] {
            var answer = try await client.send("GET", path, headers: ["Accept": "application/json"])
            for _ in 0..<50 where answer.status != 429 {
                answer = try await client.send("GET", path, headers: ["Accept": "application/json"])
            }
            #expect(answer.status == 429 && Int(answer.headers["retry-after"] ?? "") ?? 0 >= 1, "\(path)")
            #expect(answer.headers["content-type"] == "application/problem+json")
        }
        #expect(try await client.get("/assets/style.css").status == 200, "styles are not counted")
        try await site.stop()
    }

    @Test("the log of requests has who asked for what, the id of the answer, and nothing of what was sent")
    func log() async throws {
        let log = RequestLines()
        let site = try await TestSite.start(options: ServerOptions(port: 0, requestLog: { log.add($0) }))
        let client = TestClient(base: site.base)
        let found = try await client.send("GET", "/api/leat/v1/runs?state=failed&token=hush-hush", headers: Self.login(.viewer))
        let missing = try await client.send("GET", "/api/v1/dags/%0Aforged%1b[2J", headers: Self.login(.editor))
        _ = try await client.post("/login", ["name": "viewer", "password": "hush-hush"])
        // A request is told of right after its answer has begun, which may be a moment after it arrived.
        while log.all.count < 3 { await Task.yield() }
        let lines = log.all
        #expect(lines.map(\.status) == [200, 404, 401] && lines.map(\.user) == ["viewer", "editor", nil])
        #expect(lines[0].id == found.headers["x-request-id"] && lines[1].id == missing.headers["x-request-id"])
        #expect(lines[0].text.hasPrefix("GET /api/leat/v1/runs 200 ") && lines[0].text.hasSuffix(lines[0].id))
        #expect(lines[0].json["path"] == "/api/leat/v1/runs" && lines[0].address == "127.0.0.1")
        let text = lines.map { "\($0.text)\n\($0.json.text())" }.joined()
        #expect(!text.contains("hush") && !lines.contains { $0.text.contains { $0.isNewline || $0 == "\u{1b}" } })
        try await site.stop()
    }

    /// What a server has told of its requests.
    private final class RequestLines: Sendable {
        private let entries = Mutex<[RequestEntry]>([])
        var all: [RequestEntry] { entries.withLock { $0 } }
        func add(_ entry: RequestEntry) { entries.withLock { $0.append(entry) } }
    }
}

import Foundation
import Orchestrate
import Testing

@testable import Serve

@Suite("Pages over a store")
struct PageTests {
    @Test("every page shows, with the headers that guard it")
    func pages() async throws {
        let site = try await TestSite.start()
        let run = try await site.addRun("a/b c+d", state: .failed, tasks: [("first", .success), ("second", .failed)])
        let client = try await site.client(.admin)
        let path = Paths.run(run.id)
        for page in [
            "/", "/pipelines", "/pipelines/hourly", "/pipelines/hourly?view=graph", "/pipelines/hourly?view=gantt",
            "/pipelines/hourly?view=calendar", "/pipelines/hourly?view=runs", "/runs", "/runs?state=failed&pipeline=hourly", path,
            "\(path)?view=graph", "\(path)?view=gantt", "\(path)/tasks/second", "/lineage", "/query", "/admin/users",
            "/pipelines/by_hand", "/pipelines/by_hand?view=gantt", "/pipelines/hourly/trigger", "/pipelines/hourly/backfill",
            "/pipelines/hourly/backfill?from=2030-01-01&to=2030-01-01", "\(path)/clear", "\(path)/mark?task=first",
            "\(path)/note",
            "/connections", "/connections/new", "/sources/new", "/sources/new?connector=postgres",
            "/destinations/new?connector=postgres", "/models", "/models?q=x", "/health/details", "/admin/variables",
            "/admin/secrets",
            "/admin/connections", "/admin/pools", "/admin/audit", "/admin/configuration",
        ] {
            let answer = try await client.get(page)
            #expect(answer.status == 200, "\(page): \(answer.text.suffix(600))")
            #expect(answer.text.contains("</html>"), "\(page)")
            #expect(answer.headers["content-security-policy"]?.contains("script-src 'self'") == true)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["x-request-id"] != nil)
            #expect(!answer.text.contains("style=\""), "the policy forbids styles in \(page)")
        }
        #expect(try await client.get(path).text.contains("a/b c+d"))
        try await site.stop()
    }

    @Test("what users write is escaped")
    func escaping() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.viewer)
        let text = try await client.get("/pipelines/hourly").text
        #expect(text.contains("&lt;b&gt;bold&lt;/b&gt; &amp;"))
        #expect(!text.contains("<b>bold</b>"))
        _ = try await site.addRun("<script>alert(1)</script>", tasks: [("first", .success)])
        for page in ["/", "/runs", "/pipelines/hourly", "/pipelines/hourly?view=gantt", "/pipelines"] {
            #expect(!(try await client.get(page).text.contains("<script>alert")), "\(page)")
        }
        try await site.stop()
    }

    @Test("what is not there says so, as a page for people and as a problem for programs")
    func missing() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.viewer)
        for path in [
            "/nowhere", "/pipelines/nowhere", "/pipelines/hourly/runs/none", "/pipelines/hourly/runs/%FF", "/models/none",
            "/assets/..%2F..%2Fetc%2Fpasswd",
        ] {
            let answer = try await client.get(path)
            #expect([400, 404].contains(answer.status), "\(path): \(answer.status)")
            let plain = try await client.send("GET", path, headers: ["Accept": "application/json"])
            #expect(plain.headers["content-type"] == "application/problem+json", "\(path)")
        }
        try await site.stop()
    }

    @Test("a page that is open hears at once when a run changes")
    func live() async throws {
        let site = try await TestSite.start()
        let feed = site.server.site.feed
        let known = try #require(await feed.version())
        var changes = feed.changes(since: known).makeAsyncIterator()
        _ = try await site.addRun("one", tasks: [("first", .success)])
        #expect(await changes.next() != nil)
        try await site.stop()
    }

    @Test("assets may be kept for good under their version, and are not sent twice")
    func assets() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(nil)
        let plain = try await client.get("/assets/style.css")
        #expect(plain.status == 200)
        #expect(plain.headers["cache-control"] == "no-cache")
        let versioned = try await client.get("/assets/style.css?v=\(site.server.site.assets.version)")
        #expect(versioned.headers["cache-control"]?.contains("immutable") == true)
        let again = try await client.get("/assets/style.css", headers: ["If-None-Match": plain.headers["etag"] ?? ""])
        #expect(again.status == 304)
        try await site.stop()
    }

    @Test("a run is started, stopped and repeated by those who may, in their name")
    func actions() async throws {
        let site = try await TestSite.start()
        let run = try await site.addRun("one", state: .failed, tasks: [("first", .failed)])
        let client = try await site.client(.operator)
        _ = try await client.get("/pipelines/hourly")
        let started = try await client.post("/pipelines/hourly/trigger", ["parameters": "{\"a\": 1}"])
        #expect(started.headers["location"]?.hasPrefix("/pipelines/hourly/runs/manual__") == true)
        _ = try await client.post("\(Paths.run(run.id))/clear", ["failed": "on"])
        _ = try await client.post("/pipelines/hourly/pause")
        let entries = try await site.store.audit(limit: 10).map { "\($0.action) by \($0.author)" }
        #expect(Set(entries) == ["trigger by operator", "clear by operator", "pause by operator"])
        #expect(try await site.store.isPaused(PipelineID("hourly")) == true)
        #expect(try await site.store.waitingRuns().count == 2)
        #expect(try await client.post("/pipelines/hourly/trigger", ["parameters": "[1]"]).status == 422)
        #expect(try await client.post("/pipelines/hourly/trigger", ["parameters": "{"]).status == 422)
        #expect(try await client.post("/pipelines/nowhere/trigger").status == 404)
        try await site.stop()
    }
}

import Documents
import Project
import Testing

@testable import Serve

@Suite("Forms of connectors")
struct ConnectorPageTests {
    private static let project = """
        name: shop
        version: 1
        sources:
          new: {connector: postgres, config: {host: localhost, database: d, username: u, schemas: [public]}}
          test: {connector: postgres, config: {host: localhost, database: d, username: u, schemas: [public]}}
        destinations:
          new: {connector: postgres, config: {host: localhost, database: d, username: u}}
        connections:
          new: {source: new, destination: new, streams: [{name: orders}]}
        """

    @Test("an admin adds and changes an image; what is secret in its configuration is never shown, not even after a mistake")
    func image() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let client = try await site.client(.admin)
        #expect(try await client.get("/sources/new").text.contains("/sources/new?connector=image"))
        #expect(try await client.get("/sources/new?connector=image").text.contains("airbyte/source-faker"))
        var fields = [
            "connector": "image", "name": "made up", "p.image": "airbyte/source-faker:7.2.1", "p.config": "{\"key\": \"hush\"",
        ]
        let wrong = try await client.post("/sources", fields)
        #expect(wrong.status == 422 && wrong.text.contains("is no JSON") && !wrong.text.contains("hush"))
        #expect(wrong.text.contains("value=\"airbyte/source-faker:7.2.1\""))
        fields["p.config"] = "[1]"
        #expect(try await client.post("/sources", fields).text.contains("is no JSON object"))
        fields["p.config"] = #"{"count": 5, "key": "hush hush"}"#
        #expect(try await client.post("/sources", fields).headers["location"] == "/sources/made%20up")
        #expect(site.server.site.project.sources.last?.config == ["count": 5, "key": "hush hush"])

        let form = try await client.get("/sources/made%20up/edit").text
        #expect(form.contains("airbyte/source-faker:7.2.1") && form.contains("**********") && !form.contains("hush"))
        fields["p.image"] = "airbyte/source-faker:7.3.0"
        fields["p.config"] = #"{"count": 6, "key": "**********"}"#
        #expect(try await client.post("/sources/made%20up", fields).status == 303)
        #expect(site.server.site.project.sources.last?.config == ["count": 6, "key": "hush hush"], "stars leave what was there")
        #expect(site.server.site.project.sources.last.map { "\($0.connector)" }?.contains("7.3.0") == true)
        #expect(try await !client.get("/sources/made%20up").text.contains("hush"))

        let editor = try await site.client(.editor)
        #expect(try await !editor.get("/sources/new").text.contains("connector=image"))
        fields["name"] = "another"
        let refused = try await editor.post("/sources", fields)
        #expect(refused.status == 403 && refused.text.contains("only an admin"))
        try await site.stop()
    }

    @Test("what is called as one of our own pages has a page too")
    func reserved() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let client = try await site.client(.editor)
        let list = try await client.get("/connections").text
        for path in ["/connections/%6eew", "/sources/%6eew", "/sources/%74est", "/destinations/%6eew"] {
            #expect(list.contains("href=\"\(path)\""), "\(path)")
            let page = try await client.get(path)
            #expect(page.status == 200 && page.text.contains("<h1>\(path.hasSuffix("est") ? "test" : "new")</h1>"), "\(path)")
        }
        #expect(try await client.get("/connections/new").text.contains("<h1>Add a connection</h1>"))
        let run = try await client.post("/connections/%6eew/sync")
        #expect(run.headers["location"]?.hasPrefix("/pipelines/sync.new/runs/") == true)
        try await site.stop()
    }
}

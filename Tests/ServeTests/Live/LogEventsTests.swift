import Documents
import Foundation
import Orchestrate
import Testing

@testable import Serve

@Suite("A log as events")
struct LogEventsTests {
    private static let project = """
        name: waterworks
        version: 1
        pipelines:
          pump:
            tasks:
              fill: {command: "echo first line; while [ ! -e go ]; do sleep 0.05; done; echo last line; exit 3"}
        """

    @Test("each line comes while the try goes on, and the last event says how it ended")
    func follow() async throws {
        let site = try await TestSite.start(leatYML: Self.project, withScheduler: true)
        let login = ["Authorization": "Basic " + Data("operator:\(TestSite.password)".utf8).base64EncodedString()]
        let client = TestClient(base: site.base)
        let run = try await client.send(
            "POST", "/api/leat/v1/pipelines/pump/runs", headers: login.merging(["Content-Type": "application/json"]) { $1 },
            body: #"{"name": "one"}"#)
        #expect(run.status == 201)
        let path = "/api/leat/v1/pipelines/pump/runs/one/tasks/fill/attempts/1/log/events"
        while try await client.send("GET", path.replacing("/log/events", with: "/log"), headers: login).status != 200 {
            try await Task.sleep(for: .milliseconds(20))
        }
        var texts: [String] = []
        var ends: [String] = []
        for await event in EventClient.events(site.base + path, headers: login) {
            switch event.name {
            case "lines":
                texts += (try JSON(parsing: event.data).array ?? []).compactMap { $0["text"]?.string }
                // Only who has seen the first line while the command still runs lets it go on.
                if texts.contains("first line") { try Data().write(to: URL(filePath: site.folder + "/go")) }
            default: ends.append("\(event.name) \(event.data)")
            }
        }
        #expect(texts.filter { $0.hasSuffix("line") } == ["first line", "last line"], "\(texts)")
        #expect(ends == [#"end {"state": "failed"}"#])
        // Whoever comes later is given all of it at once.
        var later: [EventClient.Event] = []
        for await event in EventClient.events(site.base + path, headers: login) { later.append(event) }
        #expect(
            later.last?.name == "end"
                && later.dropLast().contains { $0.data.contains("first line") && $0.data.contains("last line") })
        #expect(try await client.send("GET", path.replacing("/1/", with: "/2/"), headers: login).status == 404)
        try await site.stop()
    }
}

import Documents
import Orchestrate
import Testing

@testable import Serve

@Suite("Starting runs from a page")
struct TriggerPageTests {
    static let project = """
        name: waterworks
        version: 1
        pipelines:
          hourly:
            schedule: {cron: "0 * * * *"}
            start_date: 2030-01-01
            params:
              litres: {type: integer, minimum: 1, default: 10}
            tasks:
              only: {empty: true}
          pump:
            params:
              litres: {type: integer, minimum: 1, default: 10, description: how much <b>water</b>}
              basin: {type: string, enum: [north, south]}
              dry: {type: boolean, default: false}
            tasks:
              first: {empty: true}
              second: {empty: true, after: [first]}
        """

    @Test("the form shows each parameter with its default, and starts a run with typed values and a note")
    func form() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let client = try await site.client(.operator)
        let page = try await client.get("/pipelines/pump/trigger").text
        #expect(page.contains("name=\"p.litres\" value=\"10\""))
        #expect(page.contains("how much water"))
        #expect(page.contains("<option value=\"north\">north</option>"))
        let answer = try await client.post(
            "/pipelines/pump/trigger", ["p.litres": "25", "p.basin": "north", "p.dry": "on", "note": "<i>for the garden</i>"])
        #expect(answer.status == 303)
        let run = try #require(try await site.store.runs().first)
        #expect(run.parameters == ["litres": 25, "basin": "north", "dry": true])
        #expect(run.note == "<i>for the garden</i>")
        let again = try await client.get("/pipelines/pump/trigger?like=\(FormFields.encode(run.id.name))").text
        #expect(again.contains("name=\"p.litres\" value=\"25\""))
        #expect(try await client.get(Paths.run(run.id)).text.contains("&lt;i&gt;for the garden"))
        try await site.stop()
    }

    @Test("wrong parameters start nothing; the page says what is wrong beside the field, and keeps what was typed")
    func refused() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let client = try await site.client(.operator)
        _ = try await client.get("/pipelines/pump/trigger")
        let answer = try await client.post("/pipelines/pump/trigger", ["p.litres": "0", "note": "kept"])
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"p.litres-problem\">litres must be at least 1, not 0"))
        #expect(answer.text.contains("id=\"p.basin-problem\">basin is missing"))
        #expect(answer.text.contains("name=\"p.litres\" value=\"0\""))
        #expect(answer.text.contains("value=\"kept\""))
        #expect(try await site.store.runs().isEmpty)
        try await site.stop()
    }

    @Test("a clear counts its tasks first, and touches no others")
    func clear() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let run = try await site.addRun("one", of: "pump", state: .failed, tasks: [("first", .success), ("second", .failed)])
        let client = try await site.client(.operator)
        let path = Paths.run(run.id)
        #expect(try await client.get("\(path)/clear").text.contains("Run 2 tasks again"))
        #expect(try await client.get("\(path)/clear?failed=on").text.contains("Run 1 task again"))
        #expect(try await client.get("\(path)/clear?task=first&downstream=on").text.contains("Run 2 tasks again"))
        #expect(try await client.get("\(path)/mark?task=second&state=success").text.contains("Mark 1 task as success"))
        #expect(try await client.get("\(path)/clear?task=third").status == 422)
        _ = try await client.post("\(path)/mark", ["task": "second", "state": "success"])
        let states = try await site.store.tasks(of: run.id).map(\.result.state)
        #expect(states == [.success, .success])
        #expect(try await client.post("\(path)/clear", ["failed": "on"]).status == 422, "nothing has failed any more")
        _ = try await client.post("\(path)/note", ["note": "looked into"])
        #expect(try await site.store.run(run.id)?.note == "looked into")
        try await site.stop()
    }

    @Test("a backfill shows what it would start, and then starts just that")
    func backfill() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let client = try await site.client(.operator)
        let query = "from=2030-01-01&to=2030-01-01"
        let wrong = try await client.get("/pipelines/hourly/backfill?\(query)&p.litres=0").text
        #expect(wrong.contains("litres must be at least 1"))
        let page = try await client.get("/pipelines/hourly/backfill?\(query)&p.litres=3").text
        #expect(page.contains("Begin 24 runs"))
        #expect(try await site.store.runs().isEmpty, "looking starts nothing")
        let answer = try await client.post(
            "/pipelines/hourly/backfill", ["from": "2030-01-01", "to": "2030-01-01", "p.litres": "3"])
        #expect(answer.status == 303)
        let runs = try await site.store.runs()
        #expect(runs.count == 24)
        #expect(runs.allSatisfy { $0.parameters == ["litres": 3] })
        try await site.stop()
    }
}

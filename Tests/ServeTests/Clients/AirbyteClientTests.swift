import Documents
import Foundation
import Orchestrate
import Postgres
import Processes
import Project
import TestSupport
import Testing

@testable import Serve

private enum AirbyteClient {
    /// The folder of the client's programs; nil where it cannot be installed.
    static let folder = PythonPackages.folder("airbyte-api")
}

@Suite("Airbyte's public API")
struct AirbyteClientTests {
    @Test(
        "the Python client makes a source, a destination and a connection, syncs, and the rows are there",
        .enabled(if: AirbyteClient.folder != nil, "it cannot be installed: scripts/connectors.sh airbyte-api says why"))
    func journey() async throws {
        let python = try #require(AirbyteClient.folder) + "/python"
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute(
                """
                create table orders (id int primary key, customer text, amount numeric(12, 2));
                insert into orders values (1, 'Ada', 120.50), (2, 'Grace', 99), (3, 'Edsger', null)
                """)
            let site = try await TestSite.start(leatYML: "name: waterworks\nversion: 1\n")
            let scheduler = Task {
                let folder = site.folder
                try await ProjectScheduler(try LeatProject.load(from: folder), read: { try LeatProject.load(from: folder) }).run()
            }
            let options = database.options
            let config: JSON = [
                "host": .string(options.host), "port": .int(options.port), "database": .string(database.name),
                "username": .string(options.user), "password": .string(options.password),
            ]
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "airbyte.py")
            let (status, output) = try await PythonPackages.run(
                python, [script.path(percentEncoded: false), site.base, "editor", TestSite.password, config.text()])
            #expect(status == .exited(0), "\(output)")
            let rows = try await connection.query("select id, customer, amount::text from landing.orders order by id")
            #expect(
                rows.map { [$0[0].string, $0[1].string, $0[2].string] } == [
                    ["1", "Ada", "120.50"], ["2", "Grace", "99.00"], ["3", "Edsger", nil],
                ])
            await connection.close()
            scheduler.cancel()
            _ = await scheduler.result
            try await site.stop()
        }
    }

    @Test("what stands in leat.yml is shown with stable ids and no secrets, and is not changed")
    func file() async throws {
        let site = try await TestSite.start(
            leatYML: """
                name: waterworks
                version: 1
                sources:
                  old: {connector: postgres, config: {host: localhost, database: a, username: u, password: hush hush}}
                destinations:
                  warehouse: {connector: postgres, config: {host: localhost, database: b, username: u}}
                connections:
                  First:
                    source: old
                    destination: warehouse
                    schedule: {cron: "30 2 * * 1"}
                    streams: [{name: pumps}]
                """)
        let client = TestClient(base: site.base)
        let login = ["Authorization": "Basic " + Data("editor:\(TestSite.password)".utf8).base64EncodedString()]
        let list = try await client.send("GET", "/api/public/v1/sources", headers: login)
        #expect(list.status == 200)
        #expect(!list.text.contains("hush"))
        let source = try JSON(parsing: list.text)["data"]?[0]
        let id = EntryID.of("source", "old").text
        #expect(source?["sourceId"]?.string == id)
        #expect(source?["configuration"]?["password"] == "**********")
        let connections = try await client.send("GET", "/api/public/v1/connections?limit=1", headers: login)
        let first = try JSON(parsing: connections.text)["data"]?[0]
        #expect(first?["schedule"]?["cronExpression"] == "0 30 2 ? * 2")
        #expect(first?["configurations"]?["streams"]?[0]?["name"] == "pumps")

        let json = login.merging(["Content-Type": "application/json"]) { own, _ in own }
        let patched = try await client.send("PATCH", "/api/public/v1/sources/\(id)", headers: json, body: #"{"name": "new"}"#)
        #expect(patched.status == 409)
        #expect(patched.headers["content-type"] == "application/problem+json")
        #expect(try await client.send("DELETE", "/api/public/v1/sources/\(id)", headers: login).status == 409)
        #expect(try await client.send("GET", "/api/public/v1/sources/none", headers: login).status == 400)
        #expect(try await client.send("GET", "/api/public/v1/sources?limit=0", headers: login).status == 400)
        let broken = try await client.send(
            "POST", "/api/public/v1/sources", headers: json,
            body: """
                {"name": "s", "workspaceId": "\(EntryID.of("workspace", "waterworks").text)",
                 "configuration": {"sourceType": "postgres", "host": "h", "port": 99999, "database": "d", "username": "u"}}
                """)
        #expect(broken.status == 422)
        #expect(try JSON(parsing: broken.text)["field"] == "config.port")
        try await site.stop()
    }

    @Test("a user whose password is as short as Airbyte's own may be allowed, and is let in by name and password")
    func shortPassword() async throws {
        let site = try await TestSite.start()
        await #expect(throws: ServeError.self) { try await site.access.setUser("airbyte", role: .editor, password: "airbyte") }
        try await site.access.setUser("airbyte", role: .editor, password: "airbyte", allowsShort: true)
        let client = TestClient(base: site.base)
        let login = ["Authorization": "Basic " + Data("airbyte:airbyte".utf8).base64EncodedString()]
        for _ in 0..<3 {
            let answer = try await client.send("GET", "/api/public/v1/workspaces", headers: login)
            #expect(answer.status == 200)
            #expect(try JSON(parsing: answer.text)["data"]?[0]?["name"] == "waterworks")
        }
        try await site.access.setUser("airbyte", role: .editor, password: "another password")
        #expect(try await client.send("GET", "/api/public/v1/workspaces", headers: login).status == 401)
        #expect(try await client.send("GET", "/api/public/v1/health").status == 200)
        try await site.stop()
    }
}

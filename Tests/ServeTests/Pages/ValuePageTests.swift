import Documents
import Orchestrate
import Project
import Testing

@testable import Serve

@Suite("Variables, secrets and connections of tasks")
struct ValuePageTests {
    @Test("a secret and an encrypted variable are taken, kept, and never shown again, not even in the audit log")
    func secrets() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.admin)
        _ = try await client.get("/admin/secrets")
        let answers = [
            try await client.post("/admin/secrets", ["name": "api_key", "value": "hush-1"]),
            try await client.post(
                "/admin/variables", ["name": "token", "type": "string", "value": "hush-2", "encrypted": "on"]),
            try await client.post(
                "/admin/connections",
                [
                    "id": "mailer", "type": "smtp", "host": "mail.local", "port": "25", "password": "hush-3",
                    "extra": "{\"k\": \"hush-4\"}",
                ]),
        ]
        #expect(answers.map(\.status) == [303, 303, 303])
        // Changing what is beside a password leaves it.
        _ = try await client.post("/admin/connections", ["id": "mailer", "type": "smtp", "host": "mail2.local"])
        for page in [
            "/admin/secrets", "/admin/secrets?name=api_key", "/admin/variables", "/admin/variables?name=token",
            "/admin/connections", "/admin/connections?id=mailer", "/admin/audit", "/admin/configuration",
        ] {
            let text = try await client.get(page).text
            #expect(!text.contains("hush"), "\(page)")
        }
        #expect(try await client.get("/admin/connections").text.contains("mail2.local"))
        let project = try LeatProject.load(from: site.folder)
        let values = try await ProjectVault.open(project, store: site.store, author: Author("test")).values()
        #expect(try values.secret("api_key") == "hush-1")
        #expect(try values.variable("token")?.value == "hush-2")
        let mailer = try #require(try values.connection("mailer"))
        #expect(mailer.password == "hush-3" && mailer.extra == ["k": "hush-4"] && mailer.port == nil)
        try await site.stop()
    }

    @Test("what cannot be taken is said, and what was typed stays, unless it is secret")
    func wrong() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.editor)
        _ = try await client.get("/admin/variables")
        let number = try await client.post("/admin/variables", ["name": "limit", "type": "int", "value": "many"])
        #expect(number.status == 422)
        #expect(number.text.contains("is of the type int") && number.text.contains(">many</textarea>"))
        let hidden = try await client.post(
            "/admin/variables", ["name": "limit", "type": "int", "value": "hush", "encrypted": "on"])
        #expect(hidden.status == 422 && !hidden.text.contains("hush"))
        #expect(try await client.post("/admin/secrets", ["name": "a b", "value": "hush"]).status == 422)
        #expect(try await client.post("/admin/connections", ["id": "x", "port": "99999"]).status == 422)
        #expect([404, 422].contains(try await client.post("/admin/variables/remove", ["name": "none"]).status))
        #expect(try await client.get("/admin/audit").status == 403, "an editor does not read the audit log")
        try await site.stop()
    }
}

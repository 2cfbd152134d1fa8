import HTTPTypes
import Orchestrate
import Testing

@testable import Serve

@Suite("Who gets in")
struct DoorTests {
    @Test("every address asks for what its permission says, of every role and of nobody")
    func table() async throws {
        let site = try await TestSite.start()
        let clients = [
            (nil, try await site.client(nil)), (Role.viewer, try await site.client(.viewer)),
            (Role.operator, try await site.client(.operator)), (Role.editor, try await site.client(.editor)),
            (Role.admin, try await site.client(.admin)),
        ]
        for client in clients.map(\.1) { _ = try await client.get("/") }
        for route in site.server.site.routes
        where !route.path.hasSuffix("/events") && route.path != "/logout" && route.path != "/login" {
            let path = route.path.replacing("/:pipeline", with: "/hourly").replacing("/:state", with: "/success").replacing(
                /:[a-z]+/, with: "none")
            for (role, client) in clients {
                let answer =
                    route.method == .get
                    ? try await client.send("GET", path, headers: ["Accept": "application/json"])
                    : try await client.act(route.method.rawValue, path)
                let isOpen = route.permission.map { role?.allows($0) ?? false } ?? true
                let expected: Set<Int> = isOpen ? [] : role == nil ? [401] : [403]
                if isOpen {
                    #expect(![401, 403].contains(answer.status), "\(route.method) \(path) as \(role?.rawValue ?? "nobody")")
                } else {
                    #expect(expected.contains(answer.status), "\(route.method) \(path) as \(role?.rawValue ?? "nobody")")
                }
            }
        }
        try await site.stop()
    }

    @Test("only logins, health, versions and styles are open to all")
    func openRoutes() async throws {
        let site = try await TestSite.start()
        let open = site.server.site.routes.filter { $0.permission == nil }.map { "\($0.method) \($0.path)" }
        #expect(
            Set(open) == [
                "GET /login", "POST /login", "GET /health", "GET /health/live", "GET /assets/:name", "POST /auth/token",
                "GET /api/v1/health",
                "GET /api/v1/version", "GET /api/v2/monitor/health", "GET /api/v2/version", "GET /api/public/v1/health",
                "POST /api/public/v1/applications/token", "GET /api/leat/v1/health", "GET /api/leat/v1/openapi.json",
            ])
        try await site.stop()
    }

    @Test("a browser is led to the login and back, and the cookie is out of reach of scripts and other sites")
    func login() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(nil)
        let turned = try await client.get("/pipelines/hourly?view=graph")
        #expect(turned.status == 303)
        #expect(turned.headers["location"] == "/login?next=%2Fpipelines%2Fhourly%3Fview%3Dgraph")
        let wrong = try await client.post("/login", ["name": "viewer", "password": "wrong"])
        #expect(wrong.status == 401)
        #expect(wrong.text.contains("name or the password is wrong"))
        let right = try await client.post(
            "/login", ["name": "viewer", "password": TestSite.password, "next": "/pipelines/hourly?view=graph"])
        #expect(right.headers["location"] == "/pipelines/hourly?view=graph")
        let cookie = right.headers["set-cookie"] ?? ""
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
        #expect(try await client.get("/").status == 200)
        _ = try await client.post("/logout")
        #expect(try await client.get("/").status == 303)
        try await site.stop()
    }

    @Test(
        "a login leads to no other site",
        arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
    func openRedirect(next: String) {
        #expect(Paths.local(next) == "/")
    }

    @Test("a form without the session's token, or from another site, is refused")
    func forgery() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(.admin)
        _ = try await client.get("/")
        #expect(try await client.post("/pipelines/hourly/pause", ["csrf": "0000"]).status == 403)
        #expect(try await client.post("/pipelines/hourly/pause", headers: ["Origin": "http://evil.example"]).status == 403)
        #expect(try await client.post("/pipelines/hourly/pause", headers: ["Sec-Fetch-Site": "cross-site"]).status == 403)
        #expect(try await site.store.audit(limit: 10).isEmpty)
        #expect(try await client.post("/pipelines/hourly/pause").status == 303)
        try await site.stop()
    }

    @Test("who guesses is slowed down")
    func guessing() async throws {
        let site = try await TestSite.start()
        let client = try await site.client(nil)
        // The wait grows with each mistake; where the machine is slow it takes more of them until one comes too early.
        var answer = try await client.post("/login", ["name": "viewer", "password": "wrong"])
        for _ in 0..<15 where answer.status != 429 {
            answer = try await client.post("/login", ["name": "viewer", "password": "wrong"])
        }
        #expect(answer.status == 429)
        #expect(answer.headers["retry-after"] != nil)
        try await site.stop()
    }

    @Test("a token or a password in the header lets programs in")
    func programs() async throws {
        let site = try await TestSite.start()
        let token = try await site.access.makeToken("ci", of: "operator", role: .viewer)
        let client = TestClient(base: site.base)
        #expect(try await client.get("/runs", headers: ["Authorization": "Bearer \(token)"]).status == 200)
        #expect(try await client.get("/query", headers: ["Authorization": "Bearer \(token)"]).status == 403)
        #expect(try await client.get("/runs", headers: ["Authorization": "Bearer x\(token)"]).status == 303)
        try await site.stop()
    }
}

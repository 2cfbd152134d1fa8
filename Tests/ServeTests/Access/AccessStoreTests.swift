import Foundation
import Orchestrate
import Testing

@testable import Serve

@Suite("Users, sessions and tokens")
struct AccessStoreTests {
    private let clock = SetClock()
    private let path = NSTemporaryDirectory() + "leat-access-\(UUID().uuidString).db"

    private func store() throws -> AccessStore { try AccessStore(path: path, clock: clock, passwordCost: 10) }

    @Test("the first admin is made once, with a password that works")
    func firstAdmin() async throws {
        let store = try store()
        let made = try #require(try await store.makeFirstAdmin())
        #expect(try await store.makeFirstAdmin() == nil)
        #expect(try await store.user(made.name, password: made.password)?.role == .admin)
        #expect(try await store.user(made.name, password: made.password + "x") == nil)
        #expect(try await store.user("nobody", password: made.password) == nil)
    }

    @Test("only the owner can read the file, and no password or secret stands in it")
    func secrets() async throws {
        let store = try store()
        try await store.setUser("ada", role: .viewer, password: "correct horse")
        let user = try #require(try await store.user("ada", password: "correct horse"))
        let session = try await store.makeSession(of: user)
        let token = try await store.makeToken("ci", of: "ada", role: .viewer)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let bytes = try Data(contentsOf: URL(filePath: path))
        for secret in ["correct horse", session.text, token] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }
    }

    @Test("a session ends when it is ended, when it has not been used for long, and when the password changes")
    func sessions() async throws {
        let store = try store()
        try await store.setUser("ada", role: .viewer, password: "correct horse")
        let user = try #require(try await store.user("ada", password: "correct horse"))
        let first = try await store.makeSession(of: user)
        #expect(try await store.user(of: first) == user)
        #expect(try await store.user(of: SessionSecret()) == nil)
        try await store.end(first)
        #expect(try await store.user(of: first) == nil)

        let second = try await store.makeSession(of: user)
        clock.advance(by: .seconds(10 * 86_400))
        #expect(try await store.user(of: second) == user, "use prolongs it")
        clock.advance(by: .seconds(10 * 86_400))
        #expect(try await store.user(of: second) == user)
        clock.advance(by: .seconds(15 * 86_400))
        #expect(try await store.user(of: second) == nil)

        let third = try await store.makeSession(of: user)
        try await store.setUser("ada", role: .viewer, password: "another horse")
        #expect(try await store.user(of: third) == nil)
    }

    @Test("a token may do what it was made for, and never more than its user")
    func tokens() async throws {
        let store = try store()
        try await store.setUser("ada", role: .editor, password: "correct horse")
        let narrow = try await store.makeToken("look", of: "ada", role: .viewer)
        let wide = try await store.makeToken("all", of: "ada", role: .admin)
        #expect(try await store.visitor(token: narrow)?.role == .viewer)
        #expect(try await store.visitor(token: wide)?.role == .editor)
        #expect(try await store.visitor(token: wide + "x") == nil)
        await #expect(throws: ServeError.self) { try await store.makeToken("look", of: "ada", role: .viewer) }
        await #expect(throws: ServeError.self) { try await store.makeToken("x", of: "nobody", role: .viewer) }
        #expect(try await store.removeToken("look", of: "ada"))
        #expect(try await store.visitor(token: narrow) == nil)
    }

    @Test("the last admin cannot be removed, others can, with all that is theirs")
    func removal() async throws {
        let store = try store()
        try await store.setUser("root", role: .admin, password: "correct horse")
        try await store.setUser("ada", role: .viewer, password: "correct horse")
        let token = try await store.makeToken("ci", of: "ada", role: .viewer)
        await #expect(throws: ServeError.self) { try await store.removeUser("root") }
        #expect(try await store.removeUser("ada"))
        #expect(try await store.removeUser("ada") == false)
        #expect(try await store.visitor(token: token) == nil)
    }

    @Test(
        "names and passwords that cannot be are refused",
        arguments: [("", "long enough"), ("a b", "long enough"), ("ada", "short")])
    func refusals(name: String, password: String) async throws {
        let store = try store()
        await #expect(throws: ServeError.self) { try await store.setUser(name, role: .viewer, password: password) }
    }
}

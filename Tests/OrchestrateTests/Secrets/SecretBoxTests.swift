import Diagnostics
import Documents
import Foundation
import Testing

@testable import Orchestrate

@Suite("Values at rest")
struct SecretBoxTests {
    private let place = SQLiteStoreTests.Place()

    private func box(_ keys: SecretKey...) -> SecretBox { SecretBox(keys, from: .environment("")) }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? OrchestrateError)?.code
        }
    }

    @Test("what is sealed comes out again, under its own name and with its own key only")
    func roundTrip() throws {
        let key = SecretKey.random()
        let sealed = try box(key).seal("ö-very-secret", as: "secret:token")
        #expect(!sealed.contains("secret"))
        #expect(try box(key).seal("ö-very-secret", as: "secret:token") != sealed, "each has a nonce of its own")
        #expect(try box(SecretKey.random(), key).open(sealed, as: "secret:token") == "ö-very-secret")
        // Moved to another row, changed by a byte, without its key, and no sealed text at all.
        #expect(code { _ = try box(key).open(sealed, as: "secret:other") } == "secret.damaged")
        var bytes = Array(sealed.utf8)
        bytes[bytes.count - 6] ^= 1
        #expect(code { _ = try box(key).open(String(decoding: bytes, as: UTF8.self), as: "secret:token") } == "secret.damaged")
        #expect(code { _ = try box(SecretKey.random()).open(sealed, as: "secret:token") } == "secret.no_key")
        #expect(code { _ = try box().open(sealed, as: "secret:token") } == "secret.no_key")
        #expect(code { _ = try box(key).open("very-secret", as: "secret:token") } == "secret.damaged")
    }

    @Test("opens what Python's cryptography has sealed")
    func otherImplementation() throws {
        let key = try SecretKey(OldStores.key, from: "here")
        #expect(key.id == "3c79038e" && !"\(key)".contains("AAEC"))
        let sealed = "leat1:3c79038e:AAAAAAAAAAAAAAAAeNnHp5hf5t56zd0plk9MgrVsRt8gUMXOZfzN"
        #expect(try box(key).open(sealed, as: "secret:token") == "very-secret")
    }

    @Test("keys come from the environment, a file, or a file of the project's own that only its user can read")
    func sources() throws {
        let own = place.directory + "/deep/secret.key"
        let source = SecretKeySource(environment: [:], ownFile: own)
        #expect(try source.keys().isEmpty)
        let made = try #require(try source.keysMakingFirst().first)
        #expect(try source.keysMakingFirst().map(\.id) == [made.id], "it is made once")
        let rights = try FileManager.default.attributesOfItem(atPath: own)[.posixPermissions] as? NSNumber
        #expect(rights?.intValue == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: NSNumber(value: 0o644)], ofItemAtPath: own)
        #expect(code { _ = try source.keys() } == "secret.bad_key")

        let file = place.directory + "/keys"
        let (first, second) = (SecretKey.random(), SecretKey.random())
        try "\(first.text)\n\(second.text)\n".write(toFile: file, atomically: true, encoding: .utf8)
        let fromFile = SecretKeySource(environment: ["LEAT_SECRET_KEY_FILE": file], ownFile: own)
        #expect(try fromFile.keys().map(\.id) == [first.id, second.id])
        let both = SecretKeySource(
            environment: ["LEAT_SECRET_KEY": "\(second.text),\(first.text)", "LEAT_SECRET_KEY_FILE": file], ownFile: own)
        #expect(try both.keys().map(\.id) == [second.id, first.id])
        for wrong in ["short", "hunter2hunter2hunter2", ","] {
            let source = SecretKeySource(environment: ["LEAT_SECRET_KEY": wrong], ownFile: own)
            do {
                _ = try source.keys()
                Issue.record("'\(wrong)' is no key")
            } catch {
                #expect(error.code == "secret.bad_key" && !error.description.contains("hunter2"))
            }
        }
        let absent = SecretKeySource(environment: ["LEAT_SECRET_KEY_FILE": place.directory + "/none"], ownFile: own)
        #expect(code { _ = try absent.keys() } == "secret.no_key")
    }

    private func vault(_ store: SQLiteStore, _ environment: [String: String] = [:]) -> Vault {
        Vault(
            store: store, keys: SecretKeySource(environment: environment, ownFile: place.directory + "/secret.key"),
            author: Author("ada"))
    }

    @Test("a vault keeps variables, connections and secrets, and nothing secret stands in the store's files")
    func vault() async throws {
        let store = try SQLiteStore(path: place.path)
        let vault = vault(store)
        try await vault.set(try Variable(name: "batch_size", type: .int, value: "100", description: "rows"))
        try await vault.set(try Variable(name: "flag", type: .bool, value: "yes", isEncrypted: true))
        try await vault.set(try Variable(name: "limits", type: .json, value: #"{"marker": "very-secret-1"}"#, isEncrypted: true))
        let connection = ExternalConnection(
            id: "warehouse", type: "postgres", host: "db", schema: "marts", login: "me", password: "very-secret-2", port: 5432,
            extra: ["token": "very-secret-3"])
        try await vault.set(connection)
        try await vault.setSecret("token", "very-secret-4")
        let values = try await vault.values()
        #expect(try values.variable("batch_size")?.value == 100)
        #expect(try values.variable("flag")?.value == true)
        #expect(try values.variable("limits")?.value == ["marker": "very-secret-1"])
        #expect(try values.connection("warehouse") == connection)
        #expect(try values.secret("token") == "very-secret-4")
        #expect(try values.secret("other") == nil)
        try await vault.removeSecret("token")
        await #expect(throws: OrchestrateError.self) { try await vault.removeSecret("token") }
        await #expect(throws: OrchestrateError.self) { try await vault.setSecret("a name", "x") }
        #expect(
            try await store.audit(limit: 10).map { "\($0.author) \($0.action) \($0.details.text())" } == [
                #"ada secret_delete {"secret":"token"}"#, #"ada secret_set {"secret":"token"}"#,
                #"ada connection_set {"connection":"warehouse"}"#, #"ada variable_set {"variable":"limits"}"#,
                #"ada variable_set {"variable":"flag"}"#, #"ada variable_set {"variable":"batch_size"}"#,
            ])
        #expect(try await store.audit(AuditFilter(action: "connection_set")).count == 1)
        for file in try FileManager.default.contentsOfDirectory(atPath: place.directory) where file.hasPrefix("leat.db") {
            let data = FileManager.default.contents(atPath: place.directory + "/" + file) ?? Data()
            #expect(data.firstRange(of: Data("very-secret".utf8)) == nil, "\(file)")
        }
        try store.close()
    }

    @Test("rotation seals everything with a new key, and a lost key is not replaced in silence")
    func rotation() async throws {
        let store = try SQLiteStore(path: place.path)
        let vault = vault(store)
        try await vault.setSecret("token", "very-secret")
        try await vault.set(ExternalConnection(id: "c", password: "p", extra: "text"))
        let before = try #require(try vault.keys.keys().first)
        let rotated = try await vault.rotate()
        #expect(rotated.values == 3 && rotated.key != before.id)
        let sealed = try await store.sealedValues()
        #expect(SecretBox.keyID(of: sealed.secrets[0].value) == rotated.key)
        #expect(try await vault.values().secret("token") == "very-secret")
        #expect(try await vault.values().connection("c")?.extra == "text")
        // Who held the old key meanwhile is not locked out; older keys go.
        #expect(try vault.keys.keys().map(\.id) == [rotated.key, before.id])
        let again = try await vault.rotate()
        #expect(try vault.keys.keys().map(\.id) == [again.key, rotated.key])

        // From the environment: a new key before the old one.
        let own = try #require(try vault.keys.keys().first)
        let new = SecretKey.random()
        let both = self.vault(store, ["LEAT_SECRET_KEY": "\(new.text),\(own.text)"])
        #expect(try await both.rotate().key == new.id)
        #expect(try await self.vault(store, ["LEAT_SECRET_KEY": new.text]).values().secret("token") == "very-secret")
        #expect(try await store.audit(limit: 1).map(\.action) == ["secrets_rotate"])

        // With a wrong key nothing changes.
        let wrong = self.vault(store, ["LEAT_SECRET_KEY": SecretKey.random().text])
        await #expect(throws: OrchestrateError.self) { try await wrong.rotate() }
        #expect(try await self.vault(store, ["LEAT_SECRET_KEY": new.text]).values().secret("token") == "very-secret")

        try FileManager.default.removeItem(atPath: place.directory + "/secret.key")
        await #expect(throws: OrchestrateError.self) { try await vault.setSecret("other", "x") }
        #expect(!FileManager.default.fileExists(atPath: place.directory + "/secret.key"))
        try store.close()
    }

    @Test(
        "types are kept, and what does not fit is refused without being quoted where it is secret",
        arguments: [
            (Variable.Kind.int, "12", JSON.int(12)), (.int, "x", nil), (.float, "0.5", .double(0.5)), (.float, "nan", nil),
            (.bool, "TRUE", .bool(true)), (.bool, "maybe", nil), (.json, "[1]", .array([1])), (.json, "{", nil),
            (.string, "007", .string("007")),
        ] as [(Variable.Kind, String, JSON?)])
    func types(type: Variable.Kind, text: String, expected: JSON?) throws {
        do {
            let variable = try Variable(name: "v", type: type, value: .string(text), isEncrypted: true)
            #expect(variable.value == expected)
        } catch {
            #expect(expected == nil && error.code == "variable.bad_value" && !error.message.contains("'\(text)'"))
        }
    }

    @Test(
        "connections are read from Airflow's URIs and written as such",
        arguments: [
            (
                "postgres://me:p%40ss%2Fw@db:5432/marts?sslmode=require",
                ExternalConnection(
                    id: "c", type: "postgres", host: "db", schema: "marts", login: "me", password: "p@ss/w", port: 5432,
                    extra: ["sslmode": "require"])
            ),
            ("http://example.com/", ExternalConnection(id: "c", type: "http", host: "example.com")),
            ("google-cloud-platform://", ExternalConnection(id: "c", type: "google_cloud_platform")),
            (
                "aws://key:se%3Acret@/?__extra__=%7B%22a%22%3A%5B1%5D%7D",
                ExternalConnection(id: "c", type: "aws", schema: nil, login: "key", password: "se:cret", extra: ["a": [1]])
            ),
        ])
    func uris(text: String, expected: ExternalConnection) throws {
        let connection = try ExternalConnection(id: "c", parsing: text)
        #expect(connection == expected)
        #expect(try ExternalConnection(id: "c", parsing: connection.uri) == expected)
        #expect(try ExternalConnection(id: "c", json: connection.json) == expected)
    }

    @Test(
        "a connection that cannot be read says so without its password",
        arguments: ["very-secret", "x://me:very-secret@host:port/", #"{"password": "very-secret""#, #"{"pass": "very-secret"}"#])
    func badURIs(text: String) {
        do {
            _ = try ExternalConnection(id: "c", parsing: text)
            Issue.record("\(text) is no connection")
        } catch {
            #expect(error.code == "connection.bad_value" && !error.description.contains("very-secret"))
        }
    }
}

import Diagnostics
import Documents

/// Variables, connections and secrets of a project: encrypts on the way into the store, decrypts on the way out, and has who did
/// what written down.
///
/// ```swift
/// let vault = Vault(store: store, keys: keys, author: author)
/// try await vault.set(try Variable(name: "region", type: .string, value: "eu"))
/// let region = try await vault.values().variable("region")
/// ```
package struct Vault: Sendable {
    private let store: any ValueStore
    package let keys: SecretKeySource
    private let author: Author
    private let clock: any RunClock

    package init(store: any ValueStore, keys: SecretKeySource, author: Author, clock: any RunClock = SystemRunClock()) {
        self.store = store
        self.keys = keys
        self.author = author
        self.clock = clock
    }

    /// Everything as it is at this moment.
    package func values() async throws -> StoredValues { StoredValues(try await store.sealedValues(), keys: keys) }

    /// Creates or replaces a variable.
    /// - Throws: `OrchestrateError` with code `variable.bad_value` for a name that cannot be, or one of `secret`.
    package func set(_ variable: Variable) async throws {
        try Self.check(variable.name, "variable")
        let text = variable.value.text()
        let value = variable.isEncrypted ? try await box().seal(text, as: SealedName.variable(variable.name)) : text
        try await store.set(
            SealedValues.StoredVariable(
                name: variable.name, type: variable.type, value: value, description: variable.description,
                isEncrypted: variable.isEncrypted, updatedAt: clock.now()), by: author)
    }

    /// Creates or replaces a connection.
    package func set(_ connection: ExternalConnection) async throws {
        try Self.check(connection.id, "connection")
        var password: String?
        var extra: String?
        if connection.password != nil || connection.extra != nil {
            let box = try await box()
            password = try connection.password.map { try box.seal($0, as: SealedName.password(of: connection.id)) }
            extra = try connection.extra.map { try box.seal($0.text(), as: SealedName.extra(of: connection.id)) }
        }
        try await store.set(
            SealedValues.StoredConnection(
                id: connection.id, type: connection.type, description: connection.description, host: connection.host,
                schema: connection.schema, login: connection.login, password: password, port: connection.port, extra: extra,
                updatedAt: clock.now()), by: author)
    }

    /// Creates or replaces a secret.
    package func setSecret(_ name: String, _ value: String, description: String? = nil) async throws {
        try Self.check(name, "secret")
        let sealed = try await box().seal(value, as: SealedName.secret(name))
        try await store.set(
            SealedValues.StoredSecret(name: name, value: sealed, description: description, updatedAt: clock.now()), by: author)
    }

    /// - Throws: `OrchestrateError` with code `variable.unknown` where there is none.
    package func removeVariable(_ name: String) async throws {
        guard try await store.removeVariable(name, by: author) else {
            throw OrchestrateError.unknown("variable", name, among: try await store.sealedValues().variables.map(\.name))
        }
    }

    /// - Throws: `OrchestrateError` with code `connection.unknown` where there is none.
    package func removeConnection(_ id: String) async throws {
        guard try await store.removeConnection(id, by: author) else {
            throw OrchestrateError.unknown("connection", id, among: try await store.sealedValues().connections.map(\.id))
        }
    }

    /// - Throws: `OrchestrateError` with code `secret.unknown` where there is none.
    package func removeSecret(_ name: String) async throws {
        guard try await store.removeSecret(name, by: author) else {
            throw OrchestrateError.unknown("secret", name, among: try await store.sealedValues().secrets.map(\.name))
        }
    }

    /// Encrypts everything anew.
    ///
    /// With a file of the project's own a new key is made first; the one before stays for who still has it in hand, older ones
    /// go. Keys of the environment are somebody else's: then the first of them is used.
    /// - Returns: the key's id, and how many values there were.
    package func rotate() async throws -> (key: String, values: Int) {
        var known = try keys.keys()
        if known.isEmpty, try await store.sealedValues().hasSealed { known = try await sealingKeys() }
        var all = known
        if case .own = keys.place {
            all.insert(SecretKey.random(), at: 0)
            try keys.replace(with: all)
        }
        let box = SecretBox(all, from: keys.place)
        guard let key = box.keyID else { throw OrchestrateError(.noKey, "there is no key in \(keys.place)") }
        let count = try await store.reseal(by: author) { values in
            try values.reseal { sealed, name in try box.seal(try box.open(sealed, as: name), as: name) }
        }
        if case .own = keys.place { try keys.replace(with: Array(all.prefix(2))) }
        return (key, count)
    }

    private func box() async throws -> SecretBox { SecretBox(try await sealingKeys(), from: keys.place) }

    /// The keys to encrypt with. A first one is made only where nothing is encrypted yet: else it was lost.
    private func sealingKeys() async throws -> [SecretKey] {
        let known = try keys.keys()
        guard known.isEmpty else { return known }
        guard try await !store.sealedValues().hasSealed else {
            throw OrchestrateError(
                .noKey, "values are encrypted, and their key is not there: there is no file \(keys.place)",
                hint: "bring the file back, or set \(SecretKeySource.variable); values whose key is lost must be deleted")
        }
        return try keys.keysMakingFirst()
    }

    /// Names may stand in templates, in the environment and in files.
    private static func check(_ name: String, _ what: String) throws(OrchestrateError) {
        let isGood =
            !name.isEmpty && name.utf8.count <= 250
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isGood else {
            let code: OrchestrateError.Code = what == "connection" ? .badConnection : .badVariable
            throw OrchestrateError(
                code, "'\(name)' cannot be the name of a \(what)", hint: "letters, digits, '_', '-' and '.', at most 250")
        }
    }
}

extension OrchestrateError {
    /// There is no variable, connection or secret of that name.
    package static func unknown(_ what: String, _ name: String, among names: [String]) -> OrchestrateError {
        OrchestrateError(
            Code(rawValue: "\(what).unknown"), "there is no \(what) '\(name)'",
            hint: Suggestion.hint(for: name, in: names)
                ?? (names.isEmpty ? "there are none yet" : "there are: \(names.joined(separator: ", "))"))
    }
}

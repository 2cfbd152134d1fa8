import Documents

/// What the store holds at a moment, decrypted when it is asked for.
package struct StoredValues: Sendable {
    package let sealed: SealedValues
    /// Nil where nothing is sealed in truth.
    private let keys: SecretKeySource?

    package init(_ sealed: SealedValues, keys: SecretKeySource) {
        self.sealed = sealed
        self.keys = keys
    }

    /// Values that are not encrypted, in the form of those that are.
    init(open values: SealedValues) {
        sealed = values
        keys = nil
    }

    /// - Throws: `OrchestrateError` with code `secret.no_key`, `secret.bad_key` or `secret.damaged`.
    package func variable(_ name: String) throws -> Variable? {
        guard let stored = sealed.variables.first(where: { $0.name == name }) else { return nil }
        let text = stored.isEncrypted ? try open(stored.value, SealedName.variable(name)) : stored.value
        return try Variable(
            name: name, type: stored.type, value: try JSON(parsing: text), description: stored.description,
            isEncrypted: stored.isEncrypted)
    }

    /// - Throws: as `variable`.
    package func connection(_ id: String) throws -> ExternalConnection? {
        guard let stored = sealed.connections.first(where: { $0.id == id }) else { return nil }
        return ExternalConnection(
            id: id, type: stored.type, description: stored.description, host: stored.host, schema: stored.schema,
            login: stored.login, password: try stored.password.map { try open($0, SealedName.password(of: id)) },
            port: stored.port,
            extra: try stored.extra.map { try JSON(parsing: try open($0, SealedName.extra(of: id))) })
    }

    /// - Throws: as `variable`.
    package func secret(_ name: String) throws -> String? {
        guard let stored = sealed.secrets.first(where: { $0.name == name }) else { return nil }
        return try open(stored.value, SealedName.secret(name))
    }

    private func open(_ sealed: String, _ name: String) throws(OrchestrateError) -> String {
        guard let keys else { return sealed }
        return try SecretBox(try keys.keys(), from: keys.place).open(sealed, as: name)
    }
}

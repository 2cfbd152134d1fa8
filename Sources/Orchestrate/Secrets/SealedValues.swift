/// Variables, connections and secrets as the store keeps them: what is secret is sealed by a ``SecretBox``.
package struct SealedValues: Sendable, Hashable {
    package struct StoredVariable: Sendable, Hashable {
        package var name: String
        package var type: Variable.Kind
        /// The value as JSON, or that sealed.
        package var value: String
        package var description: String?
        package var isEncrypted: Bool
        package var updatedAt: Timestamp
    }

    package struct StoredConnection: Sendable, Hashable {
        package var id: String
        package var type: String
        package var description: String?
        package var host: String?
        package var schema: String?
        package var login: String?
        /// Sealed.
        package var password: String?
        package var port: Int?
        /// Sealed JSON.
        package var extra: String?
        package var updatedAt: Timestamp
    }

    package struct StoredSecret: Sendable, Hashable {
        package var name: String
        /// Sealed.
        package var value: String
        package var description: String?
        package var updatedAt: Timestamp
    }

    /// Each by name.
    package var variables: [StoredVariable] = []
    package var connections: [StoredConnection] = []
    package var secrets: [StoredSecret] = []

    package init() {}

    /// Whether anything is encrypted.
    package var hasSealed: Bool {
        !secrets.isEmpty || variables.contains(where: \.isEncrypted)
            || connections.contains { $0.password != nil || $0.extra != nil }
    }

    /// Seals everything anew.
    /// - Returns: how many values that were.
    mutating func reseal(_ change: (_ sealed: String, _ name: String) throws -> String) throws -> Int {
        var count = 0
        func renew(_ sealed: inout String, _ name: String) throws {
            sealed = try change(sealed, name)
            count += 1
        }
        for index in variables.indices where variables[index].isEncrypted {
            try renew(&variables[index].value, SealedName.variable(variables[index].name))
        }
        for index in connections.indices {
            let id = connections[index].id
            if var password = connections[index].password {
                try renew(&password, SealedName.password(of: id))
                connections[index].password = password
            }
            if var extra = connections[index].extra {
                try renew(&extra, SealedName.extra(of: id))
                connections[index].extra = extra
            }
        }
        for index in secrets.indices { try renew(&secrets[index].value, SealedName.secret(secrets[index].name)) }
        return count
    }
}

/// The names that sealed values are bound to.
enum SealedName {
    static func variable(_ name: String) -> String { "variable:\(name)" }
    static func password(of connection: String) -> String { "connection:\(connection):password" }
    static func extra(of connection: String) -> String { "connection:\(connection):extra" }
    static func secret(_ name: String) -> String { "secret:\(name)" }
}

package import Documents

extension StoredValues {
    /// Those values whose names are wanted, decrypted, for a process that has no store, such as a pod. It is as secret as they are.
    /// - Throws: as `variable`.
    package func handed(_ isWanted: (String) -> Bool) throws -> JSON {
        var variables: [JSON] = []
        for stored in sealed.variables where isWanted(stored.name) {
            guard let variable = try variable(stored.name) else { continue }
            variables.append([
                "name": .string(variable.name), "type": .string(variable.type.rawValue), "value": variable.value,
                "encrypted": .bool(variable.isEncrypted),
            ])
        }
        var connections = JSON.Members()
        for stored in sealed.connections where isWanted(stored.id) {
            if let connection = try connection(stored.id) { connections.append(stored.id, connection.json) }
        }
        var secrets = JSON.Members()
        for stored in sealed.secrets where isWanted(stored.name) {
            if let secret = try secret(stored.name) { secrets.append(stored.name, .string(secret)) }
        }
        return ["variables": .array(variables), "connections": .object(connections), "secrets": .object(secrets)]
    }

    /// What ``handed(_:)`` has given.
    /// - Throws: `OrchestrateError` for what it has not.
    package init(handed json: JSON) throws {
        var values = SealedValues()
        let moment = Timestamp(microseconds: 0)
        for entry in json["variables"]?.array ?? [] {
            guard let name = entry["name"]?.string, let type = entry["type"]?.string.flatMap(Variable.Kind.init(rawValue:)),
                let value = entry["value"]
            else { throw OrchestrateError(.badVariable, "the variables were handed over by another version of Leat") }
            values.variables.append(
                .init(
                    name: name, type: type, value: value.text(), isEncrypted: entry["encrypted"]?.bool ?? true, updatedAt: moment)
            )
        }
        for entry in json["connections"]?.object?.entries ?? [] {
            let connection = try ExternalConnection(id: entry.key, json: entry.value)
            values.connections.append(
                .init(
                    id: entry.key, type: connection.type, description: connection.description, host: connection.host,
                    schema: connection.schema, login: connection.login, password: connection.password, port: connection.port,
                    extra: connection.extra?.text(), updatedAt: moment))
        }
        for entry in json["secrets"]?.object?.entries ?? [] {
            values.secrets.append(.init(name: entry.key, value: entry.value.string ?? "", updatedAt: moment))
        }
        self.init(open: values)
    }
}

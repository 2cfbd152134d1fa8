import Diagnostics
import Documents
import Jinja
import Orchestrate
import Transform

/// `var('name', default)`, and Airflow's `var.value.name`, `var.value.get('name', default)` and the same with `var.json`.
final class VariablesObject: Object {
    private let values: ValueLookup

    init(_ values: ValueLookup) { self.values = values }

    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let name = try arguments.string(0, "name", of: "var")
        if let value = try values.vars[name] ?? values.find(name) { return Value(value) }
        if let fallback = arguments.value(1, "default") { return fallback }
        throw ProjectError(
            .template, "there is no variable '\(name)'",
            hint: Suggestion.hint(for: name, in: Set(values.vars.keys).union(values.declared.keys).sorted())
                ?? "add it under 'vars:', or give a default: var('\(name)', 'value')")
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "value": .object(AccessorObject(values, isJSON: false))
        case "json": .object(AccessorObject(values, isJSON: true))
        default: nil
        }
    }

    private final class AccessorObject: Object {
        private let values: ValueLookup
        /// Whether texts are read as JSON.
        private let isJSON: Bool

        init(_ values: ValueLookup, isJSON: Bool) {
            self.values = values
            self.isJSON = isJSON
        }

        override var isTruthy: Bool { true }

        override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
            guard name == "get" else { return try Self.value(try values.variable(name), name, isJSON, values.hidden) }
            return .function(name) { [values, isJSON] arguments, _ in
                let name = try arguments.string(0, "key", of: "get")
                if let found = try values.find(name) { return try Self.value(found, name, isJSON, values.hidden) }
                return arguments.value(1, "default_var") ?? arguments["default"] ?? .none
            }
        }

        override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
            try Self.value(try values.variable(key.pythonString), key.pythonString, isJSON, values.hidden)
        }

        private static func value(_ found: JSON, _ name: String, _ isJSON: Bool, _ hidden: HiddenTexts) throws -> Value {
            guard isJSON, let text = found.string else { return Value(found) }
            guard let parsed = try? JSON(parsing: text) else {
                throw ProjectError(.template, "the variable '\(name)' does not hold JSON", hint: "var.value.\(name) is its text")
            }
            // What is read out of a hidden text is hidden too.
            if hidden.masked(text) != text { hidden.hide(parsed) }
            return Value(parsed)
        }
    }
}

/// Airflow's `conn.ID`, with `conn.get('ID')`.
final class ConnectionsObject: Object {
    private let values: ValueLookup

    init(_ values: ValueLookup) { self.values = values }

    override var isTruthy: Bool { true }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        guard name == "get" else { return .object(ConnectionObject(try values.connection(name))) }
        return .function(name) { [values] arguments, _ in
            let id = try arguments.string(0, "key", of: "get")
            if let found = try values.findConnection(id) { return .object(ConnectionObject(found)) }
            return arguments.value(1, "default_conn") ?? .none
        }
    }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? { try attribute(key.pythonString, runtime) }

    private final class ConnectionObject: Object {
        private let connection: ExternalConnection

        init(_ connection: ExternalConnection) { self.connection = connection }

        override var isTruthy: Bool { true }
        override var description: String { connection.id }

        override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
            switch name {
            case "conn_id": .string(connection.id)
            case "conn_type": .string(connection.type)
            case "description": Self.value(connection.description)
            case "host": Self.value(connection.host)
            case "schema": Self.value(connection.schema)
            case "login": Self.value(connection.login)
            case "password": Self.value(connection.password)
            case "port": connection.port.map { .int($0) } ?? Value.none
            case "extra": Self.value(connection.extra.map { $0.string ?? $0.text() })
            case "extra_dejson": Value(connection.extra?.object.map { .object($0) } ?? .object(JSON.Members()))
            case "uri": .string(connection.uri)
            case "get_uri": .function(name) { [connection] _, _ in .string(connection.uri) }
            default: nil
            }
        }

        private static func value(_ text: String?) -> Value { text.map { .string($0) } ?? .none }
    }
}

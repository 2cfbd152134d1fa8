package import Documents

/// What is different in a source since the last sync.
package enum SchemaChange: Sendable, Hashable {
    case columnAdded(String, type: String)
    case columnRemoved(String, type: String)
    case columnRetyped(String, from: String, to: String)
    /// The column may be null now, or no longer.
    case nullability(String, isNullable: Bool)
    case primaryKey(from: [String], to: [String])
    case streamAdded(StreamDescriptor)
    case streamRemoved(StreamDescriptor)

    /// Between two looks at a stream. Columns are told apart by their names alone.
    package static func between(_ old: StreamSchema, _ new: StreamSchema) -> [SchemaChange] {
        var changes: [SchemaChange] = []
        for column in new.columns {
            guard let before = old[column.name] else {
                changes.append(.columnAdded(column.name, type: column.type))
                continue
            }
            if before.type != column.type {
                changes.append(.columnRetyped(column.name, from: before.type, to: column.type))
            }
            if before.isNullable != column.isNullable {
                changes.append(.nullability(column.name, isNullable: column.isNullable))
            }
        }
        for column in old.columns where new[column.name] == nil {
            changes.append(.columnRemoved(column.name, type: column.type))
        }
        if !old.primaryKey.isEmpty, !new.primaryKey.isEmpty, old.primaryKey != new.primaryKey {
            changes.append(.primaryKey(from: old.primaryKey, to: new.primaryKey))
        }
        return changes
    }

    /// Whether it changes what a sync moves; the right to be null does not, since the destination's columns always may be.
    package var needsApproval: Bool {
        if case .nullability = self { return false }
        return true
    }

    /// Whether no policy lets it through by itself.
    package var isBreaking: Bool {
        if case .primaryKey = self { return true }
        return false
    }

    /// For people: `column added: score (integer)`.
    package var sentence: String {
        switch self {
        case .columnAdded(let name, let type): "column added: \(name) (\(type))"
        case .columnRemoved(let name, let type): "column removed: \(name) (\(type))"
        case .columnRetyped(let name, let from, let to): "column retyped: \(name) was \(from), is \(to)"
        case .nullability(let name, let isNullable): "column \(name) may \(isNullable ? "be null now" : "no longer be null")"
        case .primaryKey(let from, let to):
            "primary key changed: was \(from.joined(separator: ", ")), is \(to.joined(separator: ", "))"
        case .streamAdded(let stream): "stream added: \(stream)"
        case .streamRemoved(let stream): "stream removed: \(stream)"
        }
    }

    package var json: JSON {
        switch self {
        case .columnAdded(let name, let type): ["change": "column_added", "column": .string(name), "type": .string(type)]
        case .columnRemoved(let name, let type): ["change": "column_removed", "column": .string(name), "type": .string(type)]
        case .columnRetyped(let name, let from, let to):
            ["change": "column_retyped", "column": .string(name), "from": .string(from), "to": .string(to)]
        case .nullability(let name, let isNullable):
            ["change": "nullability", "column": .string(name), "nullable": .bool(isNullable)]
        case .primaryKey(let from, let to):
            [
                "change": "primary_key", "from": .array(from.map { .string($0) }), "to": .array(to.map { .string($0) }),
            ]
        case .streamAdded(let stream): ["change": "stream_added", "stream": .string("\(stream)")]
        case .streamRemoved(let stream): ["change": "stream_removed", "stream": .string("\(stream)")]
        }
    }
}

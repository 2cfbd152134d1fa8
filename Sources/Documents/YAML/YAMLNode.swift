package import Diagnostics

/// A value of a YAML file that remembers where it stands.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case null
        case bool(Bool)
        case int(Int)
        case double(Double)
        /// Also dates and times, which stay as they are written.
        case string(String)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    /// A key and its value, in the order of the file.
    package struct Member: Sendable {
        package var key: String
        package var keyLocation: SourceLocation
        package var value: YAMLNode

        package init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }

    package var content: Content
    package var location: SourceLocation

    package init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }
}

extension YAMLNode {
    /// The value under `key` of a mapping; nil where this is none or has no such key.
    package subscript(key: String) -> YAMLNode? { members?.first { $0.key == key }?.value }

    package var members: [Member]? {
        guard case .mapping(let members) = content else { return nil }
        return members
    }

    package var items: [YAMLNode]? {
        guard case .sequence(let items) = content else { return nil }
        return items
    }

    package var string: String? {
        guard case .string(let value) = content else { return nil }
        return value
    }

    package var bool: Bool? {
        guard case .bool(let value) = content else { return nil }
        return value
    }

    package var int: Int? {
        guard case .int(let value) = content else { return nil }
        return value
    }

    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// What people call the type of this value.
    package var typeName: String {
        switch content {
        case .null: "nothing"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The same value without its places.
    package var json: JSON {
        switch content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .sequence(let items): .array(items.map(\.json))
        case .mapping(let members): .object(JSON.Members(members.map { ($0.key, $0.value.json) }))
        }
    }
}

extension YAMLNode {
    /// A scalar as one would type it; empty for lists and mappings.
    package var scalarText: String {
        switch content {
        case .null, .sequence, .mapping: ""
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): value
        }
    }
}

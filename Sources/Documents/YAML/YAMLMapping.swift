package import Diagnostics

/// Reads the keys of one mapping and, in the end, refuses those that nobody asked for.
///
///     var keys = try YAMLMapping(node, of: "a service")
///     let port = try keys.int("port") ?? 5432
///     try keys.finish()
package struct YAMLMapping {
    private let members: [YAMLNode.Member]
    /// What the mapping describes, for errors: "a service", "the connection 'Clients'".
    private let subject: String
    private var known: [String] = []

    /// Where the mapping begins.
    package let location: SourceLocation

    /// - Throws: `DocumentError` where `node` is no mapping.
    package init(_ node: YAMLNode, of subject: String) throws(DocumentError) {
        guard let members = node.members else {
            throw DocumentError(
                .wrongType, "\(subject) must be a mapping of keys to values, but this is \(node.typeName)",
                location: node.location)
        }
        self.members = members
        self.subject = subject
        self.location = node.location
    }

    /// The value under `key`; nil where it is missing or empty.
    package mutating func optional(_ key: String) -> YAMLNode? {
        if !known.contains(key) { known.append(key) }
        guard let value = members.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    /// The value under `key`.
    /// - Throws: `DocumentError` where it is missing.
    package mutating func required(_ key: String) throws(DocumentError) -> YAMLNode {
        if let value = optional(key) { return value }
        throw DocumentError(.missingKey, "\(subject) needs the key '\(key)'", location: location)
    }

    package mutating func string(_ key: String) throws(DocumentError) -> String? {
        guard let node = optional(key) else { return nil }
        switch node.content {
        case .string(let value): return value
        case .int(let value): return String(value)
        case .bool(let value): return String(value)
        case .double(let value): return String(value)
        default: throw Self.wrongType(key, expected: "a text", node)
        }
    }

    /// Whole numbers, also quoted ones (as a template leaves them).
    package mutating func int(_ key: String) throws(DocumentError) -> Int? {
        guard let node = optional(key) else { return nil }
        if let value = node.int ?? node.string.flatMap({ Int($0) }) { return value }
        throw Self.wrongType(key, expected: "an integer", node)
    }

    package mutating func bool(_ key: String) throws(DocumentError) -> Bool? {
        guard let node = optional(key) else { return nil }
        if let value = node.bool ?? node.string.flatMap({ Bool($0.lowercased()) }) { return value }
        throw Self.wrongType(key, expected: "true or false", node)
    }

    /// A list of texts; one text stands for a list of one.
    package mutating func strings(_ key: String) throws(DocumentError) -> [String]? {
        guard let node = optional(key) else { return nil }
        if let single = node.string { return [single] }
        guard let items = node.items else { throw Self.wrongType(key, expected: "a list of texts", node) }
        var texts: [String] = []
        for item in items {
            switch item.content {
            case .string(let value): texts.append(value)
            case .int(let value): texts.append(String(value))
            case .bool(let value): texts.append(String(value))
            case .double(let value): texts.append(String(value))
            default: throw Self.wrongType(key, expected: "a list of texts", item)
            }
        }
        return texts
    }

    /// The members of a mapping under `key`, in order; empty where it is missing.
    package mutating func members(_ key: String) throws(DocumentError) -> [YAMLNode.Member] {
        guard let node = optional(key) else { return [] }
        guard let members = node.members else { throw Self.wrongType(key, expected: "a mapping", node) }
        return members
    }

    /// - Throws: `DocumentError` for the first key that was never asked for, with a suggestion.
    package func finish() throws(DocumentError) {
        for member in members where !known.contains(member.key) {
            let names = known.sorted().joined(separator: ", ")
            throw DocumentError(
                .unknownKey, "\(subject) has no key '\(member.key)'", location: member.keyLocation,
                hint: Suggestion.hint(for: member.key, in: known) ?? "it may have: \(names)")
        }
    }

    private static func wrongType(_ key: String, expected: String, _ node: YAMLNode) -> DocumentError {
        DocumentError(
            .wrongType, "'\(key)' must be \(expected), but this is \(node.typeName)", location: node.location)
    }
}

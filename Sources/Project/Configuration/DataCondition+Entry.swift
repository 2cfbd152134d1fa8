import Diagnostics
import Documents
import Orchestrate

extension DataReference {
    /// Reads `{connection: Orders}`, `{model: customers}`, `{table: marts.sales}`, `{pipeline: nightly}` or `{event: name}`.
    init(_ node: YAMLNode, of subject: String) throws {
        let kinds = Kind.allCases.map(\.rawValue)
        guard let members = node.members, members.count == 1, let member = members.first else {
            throw DocumentError(
                .badValue, "\(subject) must name one of \(kinds.joined(separator: ", "))", location: node.location,
                hint: "for instance {connection: Orders}")
        }
        guard let kind = Kind(rawValue: member.key) else {
            throw DocumentError(
                .unknownKey, "\(subject) has no key '\(member.key)'", location: member.keyLocation,
                hint: Suggestion.hint(for: member.key, in: kinds + ["all", "any"])
                    ?? "it may have: \(kinds.joined(separator: ", "))")
        }
        self.init(kind, member.value.scalarText)
    }
}

extension DataCondition {
    /// Reads one reference, `{all: [...]}`, `{any: [...]}`, or a list, which means all.
    init(_ node: YAMLNode, of subject: String) throws {
        if let items = node.items {
            self = .all(try Self.parts(items, of: subject, at: node.location))
            return
        }
        if let members = node.members, members.count == 1, let member = members.first, ["all", "any"].contains(member.key) {
            guard let items = member.value.items else {
                throw DocumentError(.wrongType, "'\(member.key)' must be a list", location: member.value.location)
            }
            let parts = try Self.parts(items, of: subject, at: member.value.location)
            self = member.key == "all" ? .all(parts) : .any(parts)
            return
        }
        self = .updated(try DataReference(node, of: subject))
    }

    private static func parts(_ items: [YAMLNode], of subject: String, at location: SourceLocation) throws -> [DataCondition] {
        guard !items.isEmpty else { throw DocumentError(.badValue, "the list is empty", location: location) }
        return try items.map { try DataCondition($0, of: subject) }
    }
}

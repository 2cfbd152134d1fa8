package import Diagnostics
package import Documents
package import Orchestrate

/// A variable that leat.yml declares: its type, and what it is where nobody has set it.
package struct VariableEntry: Sendable {
    package let name: String
    package let type: Variable.Kind
    /// nil where it must be set.
    package let defaultValue: JSON?
    package let description: String?
    /// Whether its value is hidden from logs and pages.
    package let isSecret: Bool
    package let location: SourceLocation

    /// Reads `batch_size: 100`, or `batch_size: {type: int, default: 100, description: ..., secret: true}`.
    /// - Throws: `DocumentError` or `OrchestrateError` at the key that is wrong.
    init(_ member: YAMLNode.Member) throws {
        name = member.key
        location = member.keyLocation
        guard member.value.members != nil else {
            type = Variable.Kind(of: member.value.json)
            defaultValue = member.value.json
            description = nil
            isSecret = false
            return
        }
        var keys = try YAMLMapping(member.value, of: "the variable '\(member.key)'")
        let typeNode = keys.optional("type")
        let defaultNode = keys.optional("default")
        let fallback = defaultNode?.json
        guard
            let type = typeNode.map({ Variable.Kind(rawValue: $0.scalarText) }) ?? fallback.map({ Variable.Kind(of: $0) })
                ?? .string
        else {
            let names = Variable.Kind.allCases.map(\.rawValue)
            throw DocumentError(
                .badValue, "there is no type '\(typeNode?.scalarText ?? "")'", location: typeNode?.location,
                hint: Suggestion.hint(for: typeNode?.scalarText ?? "", in: names)
                    ?? "it is one of: \(names.joined(separator: ", "))")
        }
        self.type = type
        description = try keys.string("description")
        let isSecret = try keys.bool("secret") ?? false
        self.isSecret = isSecret
        defaultValue = try fallback.map { value in
            try located(at: defaultNode?.location ?? member.keyLocation) { () throws(OrchestrateError) in
                try type.value(from: value, of: member.key, isSecret: isSecret)
            }
        }
        try keys.finish()
    }
}

import Diagnostics

/// Which schema of the destination a stream goes to, by Airbyte's names.
package enum NamespaceDefinition: Sendable, Hashable {
    /// The one with the name of the stream's own namespace.
    case source
    /// The destination's default.
    case destination
    /// One by a format in which `${SOURCE_NAMESPACE}` stands for the stream's own namespace.
    case customFormat(String)

    private static let placeholder = "${SOURCE_NAMESPACE}"
    package static let names = ["source", "destination", "custom_format"]

    /// Reads the two settings of a connection.
    ///
    /// - Throws: ``IngestError`` for an unknown name, or a format that is missing or has an unknown placeholder.
    package init(name: String, format: String? = nil) throws(IngestError) {
        switch name {
        case "source": self = .source
        case "destination": self = .destination
        case "custom_format", "customformat":
            guard let format, !format.isEmpty else {
                throw IngestError(
                    .definition, "namespace_definition is custom_format, but namespace_format is missing",
                    hint: "for instance namespace_format: \"raw_\(Self.placeholder)\"")
            }
            guard !Self.expanded(format, to: "").contains("${") else {
                throw IngestError(
                    .definition, "namespace_format '\(format)' has an unknown placeholder",
                    hint: "the only one is \(Self.placeholder)")
            }
            self = .customFormat(format)
        default:
            throw IngestError(
                .definition, "'\(name)' is not a namespace_definition",
                hint: Suggestion.hint(for: name, in: Self.names) ?? "it is one of \(Self.names.joined(separator: ", "))")
        }
    }

    /// The schema for a stream.
    func schema(source namespace: String?, default defaultNamespace: String) -> String {
        switch self {
        case .source: return namespace ?? defaultNamespace
        case .destination: return defaultNamespace
        case .customFormat(let format):
            let name = Self.expanded(format, to: namespace ?? "")
            return name.isEmpty ? defaultNamespace : name
        }
    }

    private static func expanded(_ format: String, to namespace: String) -> String {
        var text = ""
        var rest = Substring(format)
        while !rest.isEmpty {
            if rest.hasPrefix(placeholder) {
                text += namespace
                rest.removeFirst(placeholder.count)
            } else {
                text.append(rest.removeFirst())
            }
        }
        return text
    }
}

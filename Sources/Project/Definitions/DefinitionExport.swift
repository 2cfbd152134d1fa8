import Connectors
import Documents

/// Definitions as text for leat.yml, so that people can move them under version control.
///
/// Secrets become calls of `env_var`; texts that look like templates are written so that they are none.
package struct DefinitionExport: Sendable {
    /// The text, with a section for each kind; empty where there is nothing.
    package let text: String
    /// The variables of the environment that the text asks for, and which secret each is.
    package let variables: [(name: String, secret: String)]

    /// - Throws: `ProjectError` where the definitions cannot be read.
    package init(_ project: LeatProject) throws {
        var writer = Writer()
        let all = try project.definitionStore.all()
        for kind in Definition.Kind.allCases {
            let definitions = all.filter { $0.kind == kind }
            guard !definitions.isEmpty else { continue }
            writer.lines.append("\(kind.section):")
            for definition in definitions {
                writer.names = [kind == .connection ? "" : definition.name]
                let fields = Self.fields(of: definition)
                writer.write(key: definition.name, definition.content, fields: fields, indent: 2)
            }
            writer.lines.append("")
        }
        text = writer.lines.joined(separator: "\n")
        variables = writer.variables
    }

    /// The fields of the entry: the config's are known for connectors that are built in.
    private static func fields(of definition: Definition) -> [ConfigField] {
        guard definition.kind != .connection, let connector = definition.content["connector"]?.string,
            let spec = ConnectorRegistry.builtIn.specs.first(where: {
                $0.role.rawValue == definition.kind.rawValue && $0.answers(to: connector)
            })
        else { return [] }
        return [ConfigField("config", .object(spec.fields, shortForm: nil), "")]
    }

    private struct Writer {
        var lines: [String] = []
        var variables: [(name: String, secret: String)] = []
        /// The names around the value that is written, for variables.
        var names: [String] = []

        mutating func write(key: String, _ value: JSON, fields: [ConfigField], indent: Int) {
            let start = String(repeating: " ", count: indent) + Self.scalar(.string(key), isKey: true) + ":"
            guard let members = value.object, !members.isEmpty else {
                lines.append("\(start) \(Self.flow(value))")
                return
            }
            lines.append(start)
            for entry in members.entries {
                names.append(entry.key)
                let field = fields.first { $0.name == entry.key }
                let text = entry.value.string ?? ""
                if field?.isSecret == true || text.contains("PRIVATE KEY-----") {
                    writeSecret(entry.key, indent: indent + 2)
                } else {
                    var inner: [ConfigField] = []
                    if case .object(let fields, _)? = field?.kind { inner = fields }
                    write(key: entry.key, entry.value, fields: inner, indent: indent + 2)
                }
                names.removeLast()
            }
        }

        private mutating func writeSecret(_ key: String, indent: Int) {
            let words = names.filter { !$0.isEmpty && $0 != "config" }
            let name = words.joined(separator: "_").uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
            variables.append((String(name), words.joined(separator: ".")))
            lines.append(String(repeating: " ", count: indent) + "\(key): \"{{ env_var('\(String(name))') }}\"")
        }

        /// A value on one line.
        private static func flow(_ value: JSON) -> String {
            switch value {
            case .array(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
            case .object(let members):
                "{"
                    + members.entries.map { "\(scalar(.string($0.key), isKey: true)): \(flow($0.value))" }
                    .joined(separator: ", ") + "}"
            default: scalar(value, isKey: false)
            }
        }

        private static func scalar(_ value: JSON, isKey: Bool) -> String {
            guard let text = value.string else { return value.text() }
            let isPlain =
                text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            if isPlain, !words.contains(text.lowercased()) { return text }
            let isTemplate = ["{{", "{%", "{#"].contains { text.contains($0) }
            // What is JSON is YAML.
            return JSON.string(isTemplate && !isKey ? "{% raw %}\(text){% endraw %}" : text).text()
        }
    }
}

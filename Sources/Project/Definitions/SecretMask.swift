package import Connectors
package import Documents

/// Hides the secrets of a source's or destination's config, and puts them back where somebody sends them back hidden.
package enum SecretMask {
    /// What stands in a secret's place; Airbyte's own.
    package static let text = "**********"

    /// What `masked` means where the config was `old` before: hidden values are those of `old` at the same place.
    package static func restored(_ masked: JSON, from old: JSON?) -> JSON {
        switch masked {
        case .string(text): return old ?? masked
        case .string(let value):
            // An address whose password is hidden is the old one, if nothing else in it was changed.
            if value.contains(text), let old = old?.string, hidden(inAddress: old) == value { return .string(old) }
            return masked
        case .object(let members):
            return .object(JSON.Members(members.entries.map { ($0.key, restored($0.value, from: old?[$0.key])) }))
        case .array(let items):
            return .array(items.enumerated().map { restored($1, from: old?[$0]) })
        default: return masked
        }
    }

    /// `config` without its secrets, as the connector's specification tells them; nil specifications hide every text.
    static func masked(_ config: JSON, _ fields: [ConfigField]?) -> JSON {
        switch config {
        case .object(let members):
            return .object(
                JSON.Members(
                    members.entries.map { entry in
                        guard let fields else { return (entry.key, masked(entry.value, nil)) }
                        guard let field = fields.first(where: { $0.name == entry.key }) else {
                            return (entry.key, masked(entry.value, nil))
                        }
                        return (entry.key, masked(entry.value, field))
                    }))
        case .array(let items): return .array(items.map { masked($0, fields) })
        case .string: return .string(text)
        default: return config
        }
    }

    private static func masked(_ value: JSON, _ field: ConfigField) -> JSON {
        if field.isSecret, !value.isNull { return .string(text) }
        if case .object(let fields, _) = field.kind, value.object != nil { return masked(value, fields) }
        guard let word = value.string else { return value }
        return .string(word.contains("PRIVATE KEY-----") ? text : hidden(inAddress: word))
    }

    /// `https://user:password@host` without the password.
    private static func hidden(inAddress text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return text }
        return text[...colon] + Self.text + rest[at...]
    }
}

extension ConnectorEntry {
    /// The config without its secrets. Of programs and images, whose fields are theirs, every text is hidden.
    package func maskedConfig(as role: ConnectorSpec.Role) -> JSON {
        guard case .builtIn(let name, _) = connector,
            let spec = ConnectorRegistry.builtIn.specs.first(where: { $0.role == role && $0.answers(to: name) })
        else { return SecretMask.masked(config, nil) }
        return SecretMask.masked(config, spec.fields)
    }
}

import Documents

extension NodeConfig {
    /// Puts narrower settings over these: lists of tags, packages and hooks grow, mappings such as `meta` are merged,
    /// everything else is replaced.
    mutating func merge(_ settings: JSON.Members) {
        for entry in settings.entries {
            let key = Self.canonicalKey(entry.key)
            switch key {
            case "tags", "packages":
                values[key] = .array((Self.strings(values[key]) + Self.strings(entry.value)).map(JSON.string))
            case "pre-hook", "post-hook":
                values[key] = .array((values[key]?.array ?? []) + Self.hookValues(entry.value))
            case "meta", "quoting", "column_types", "docs", "contract", "latest_version_pointer", "snapshot_meta_column_names":
                values[key] = Self.merged(values[key], entry.value)
            case "grants":
                values[key] = Self.mergedGrants(values[key], entry.value)
            default: values[key] = entry.value
            }
        }
    }

    static func canonicalKey(_ key: String) -> String {
        switch key {
        case "pre_hook": "pre-hook"
        case "post_hook": "post-hook"
        case "dbname": "database"
        default: key
        }
    }

    private static func hookValues(_ value: JSON) -> [JSON] {
        switch value {
        case .array(let items): items.map { Hook($0).json }
        case .null: []
        default: [Hook(value).json]
        }
    }

    private static func merged(_ old: JSON?, _ new: JSON) -> JSON {
        guard case .object(let additions) = new, var members = old?.object else { return new.isNull ? old ?? .null : new }
        for entry in additions.entries { members[entry.key] = entry.value }
        return .object(members)
    }

    /// `+select: [x]` adds to the grantees, `select: [x]` replaces them.
    private static func mergedGrants(_ old: JSON?, _ new: JSON) -> JSON {
        guard case .object(let additions) = new else { return new }
        var members = old?.object ?? JSON.Members()
        for entry in additions.entries {
            if entry.key.hasPrefix("+") {
                let key = String(entry.key.dropFirst())
                members[key] = .array((strings(members[key]) + strings(entry.value)).map(JSON.string))
            } else {
                members[entry.key] = .array(strings(entry.value).map(JSON.string))
            }
        }
        return .object(members)
    }
}

import Documents

/// Merges mappings as dbt merges what schema files say: mappings into each other, lists one behind the other.
enum DeepMerge {
    static func merged(_ base: JSON.Members, _ addition: JSON.Members) -> JSON.Members {
        var result = base
        for entry in addition.entries {
            switch (result[entry.key], entry.value) {
            case (.object(let old)?, .object(let new)): result[entry.key] = .object(merged(old, new))
            case (.array(let old)?, .array(let new)): result[entry.key] = .array(new + old)
            default: result[entry.key] = entry.value
            }
        }
        return result
    }
}

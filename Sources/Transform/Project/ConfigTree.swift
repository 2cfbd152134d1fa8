package import Documents

/// Configuration by package and folder: `models: {superside: {staging: {+materialized: view}}}`.
package struct ConfigTree: Sendable {
    package var root: JSON.Members

    init(_ root: JSON.Members = JSON.Members()) { self.root = root }

    var isEmpty: Bool { root.isEmpty }

    /// The settings that apply to a node, from the widest to the narrowest.
    ///
    /// On each level `+key` is a setting, and so is every key whose value is no mapping.
    func levels(for fqn: [String]) -> [JSON.Members] {
        var found: [JSON.Members] = []
        var level = root
        append(level, to: &found)
        for part in fqn {
            guard let next = level[part]?.object else { break }
            level = next
            append(level, to: &found)
        }
        return found
    }

    private func append(_ level: JSON.Members, to found: inout [JSON.Members]) {
        var settings = JSON.Members()
        for entry in level.entries {
            if entry.key.utf8.first == UInt8(ascii: "+") {
                settings[String(entry.key.dropFirst().drop { $0 == " " })] = entry.value
            } else if entry.value.object == nil {
                settings[entry.key] = entry.value
            }
        }
        if !settings.isEmpty { found.append(settings) }
    }
}

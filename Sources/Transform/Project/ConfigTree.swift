package import Documents

/// Configuration by package and folder: `models: {superside: {staging: {+materialized: view}}}`.
package struct ConfigTree: Sendable {
    package var root: JSON.Members
    /// The same with its templates, where it has any.
    private let plain: JSON.Members?

    init(_ root: JSON.Members = JSON.Members(), plain: JSON.Members? = nil) {
        self.root = root
        self.plain = plain == root ? nil : plain
    }

    var isEmpty: Bool { root.isEmpty }

    /// The settings that apply to a node, from the widest to the narrowest.
    ///
    /// On each level `+key` is a setting, and so is every key whose value is no mapping.
    func levels(for fqn: [String]) -> [JSON.Members] { Self.levels(of: root, for: fqn) }

    /// The same with their templates; nil where they have none.
    func plainLevels(for fqn: [String]) -> [JSON.Members]? { plain.map { Self.levels(of: $0, for: fqn) } }

    private static func levels(of root: JSON.Members, for fqn: [String]) -> [JSON.Members] {
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

    private static func append(_ level: JSON.Members, to found: inout [JSON.Members]) {
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

import Documents

/// A selector's definition as manifest.json has it.
enum SelectorArtifact {
    /// Every text becomes a mapping of a method and a value; so does `{tag: nightly}`.
    static func definition(_ value: JSON) throws -> JSON {
        if let text = value.string { return try word(text) }
        guard let members = value.object, let first = members.entries.first else { return value }
        for key in ["union", "intersection"] {
            guard let items = members[key]?.array else { continue }
            return .object(JSON.Members(pairs: [(key, .array(try items.map(definition)))]))
        }
        let inner = try first.value.array.map { JSON.array(try $0.map(definition)) } ?? first.value
        if first.key == "exclude" { return .object(JSON.Members(pairs: [("exclude", inner)])) }
        if members.count == 1 { return ["method": .string(first.key), "value": inner] }
        return value
    }

    private static func word(_ text: String) throws -> JSON {
        let criterion = try SelectionCriterion(parsing: text)
        let method = ([criterion.method.rawValue] + criterion.arguments).joined(separator: ".")
        var members = JSON.Members(pairs: [("method", .string(method)), ("value", .string(criterion.value))])
        if criterion.childrensParents { members.append("childrens_parents", true) }
        if criterion.parents {
            members.append("parents", true)
            if let depth = criterion.parentsDepth { members.append("parents_depth", .string(String(depth))) }
        }
        if criterion.children {
            members.append("children", true)
            if let depth = criterion.childrenDepth { members.append("children_depth", .string(String(depth))) }
        }
        return .object(members)
    }
}

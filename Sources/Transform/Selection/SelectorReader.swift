import Diagnostics
import Documents

/// Reads selectors.yml.
struct SelectorReader {
    let folder: String
    let renderer: YAMLRenderer

    /// - Throws: ``TransformError`` with the place of what cannot be read.
    func read() throws -> [NamedSelector] {
        let path = folder + "/selectors.yml"
        guard ProjectFileSystem.exists(path) else { return [] }
        let text = try ProjectFileSystem.text(of: path, calledInErrors: "selectors.yml")
        guard let root = try YAMLDocument.parse(text, file: "selectors.yml"), let items = root["selectors"]?.items else {
            return []
        }
        var selectors: [NamedSelector] = []
        for item in items {
            guard let name = item["name"]?.string, let node = item["definition"] else {
                throw TransformError(.selector, "a selector needs a name and a definition", location: item.location)
            }
            let definition = try renderer.render(node)
            let expression = try expression(definition, at: node.location)
            let isDefault = try item["default"].map { try renderer.render($0).bool ?? false } ?? false
            if isDefault, let first = selectors.first(where: \.isDefault) {
                throw TransformError(
                    .selector, "the selectors '\(first.name)' and '\(name)' are both the default", location: item.location)
            }
            var members = try renderer.render(item).object ?? JSON.Members()
            members["definition"] = try SelectorArtifact.definition(definition)
            selectors.append(
                NamedSelector(
                    name: name, description: item["description"]?.string, definition: definition, expression: expression,
                    isDefault: isDefault, json: .object(members)))
        }
        return selectors
    }

    /// A text that is one word as on the command line, a mapping with a method, or a union or intersection of such.
    private func expression(_ value: JSON, at location: SourceLocation) throws -> SelectionExpression {
        if let text = value.string { return .criterion(try SelectionCriterion(parsing: text)) }
        guard let members = value.object else {
            throw TransformError(.selector, "a definition must be a text or a mapping", location: location)
        }
        for key in ["union", "intersection"] {
            guard let parts = members[key] else { continue }
            guard let items = parts.array else {
                throw TransformError(.selector, "'\(key)' must be a list", location: location)
            }
            return try combined(items, isUnion: key == "union", at: location)
        }
        var included: SelectionExpression
        if let method = members["method"]?.string {
            included = .criterion(try criterion(method, members, at: location))
        } else if members.count == 1, let entry = members.entries.first {
            included = .criterion(try SelectionCriterion(parsing: "\(entry.key):\(entry.value.string ?? entry.value.text())"))
        } else {
            throw TransformError(.selector, "a definition needs a method and a value", location: location)
        }
        if let excluded = members["exclude"]?.array {
            included = .difference(included, excluding: try combined(excluded, isUnion: true, at: location))
        }
        return included
    }

    private func criterion(_ method: String, _ members: JSON.Members, at location: SourceLocation) throws -> SelectionCriterion {
        let value = members["value"].map { $0.string ?? $0.text() } ?? ""
        var criterion = try SelectionCriterion(parsing: "\(method):\(value)")
        criterion.parents = members["parents"]?.bool ?? false
        criterion.parentsDepth = members["parents_depth"]?.int
        criterion.children = members["children"]?.bool ?? false
        criterion.childrenDepth = members["children_depth"]?.int
        criterion.childrensParents = members["childrens_parents"]?.bool ?? false
        if let mode = members["indirect_selection"]?.string {
            guard let known = IndirectSelection(rawValue: mode) else {
                let names = IndirectSelection.allCases.map(\.rawValue)
                throw TransformError(
                    .selector, "'\(mode)' is no value of 'indirect_selection'", location: location,
                    hint: Suggestion.hint(for: mode, in: names) ?? "one of: \(names.joined(separator: ", "))")
            }
            criterion.indirectSelection = known
        }
        return criterion
    }

    private func combined(_ items: [JSON], isUnion: Bool, at location: SourceLocation) throws -> SelectionExpression {
        var parts: [SelectionExpression] = []
        var excluded: [SelectionExpression] = []
        for item in items {
            // As in dbt, an entry that excludes says nothing else, whatever else it holds.
            if let list = item.object?["exclude"]?.array {
                guard excluded.isEmpty else {
                    throw TransformError(
                        .selector, "You cannot provide multiple exclude arguments to the same selector set operator",
                        location: location, hint: "put all that is left out into one 'exclude' list")
                }
                excluded += try list.map { try expression($0, at: location) }
            } else {
                parts.append(try expression(item, at: location))
            }
        }
        let whole: SelectionExpression = isUnion ? .union(parts) : .intersection(parts)
        return excluded.isEmpty ? whole : .difference(whole, excluding: .union(excluded))
    }
}

/// A whole selection: words, unions (space), intersections (comma), and what is excluded.
package indirect enum SelectionExpression: Sendable, Hashable {
    case criterion(SelectionCriterion)
    case union([SelectionExpression])
    case intersection([SelectionExpression])
    case difference(SelectionExpression, excluding: SelectionExpression)

    /// Everything: what commands select by default.
    static let all: SelectionExpression = .union([])

    /// The values of `--select` and `--exclude`, each of which may hold several words.
    ///
    /// - Throws: ``TransformError`` with code `transform.selector`.
    package init(select: [String], exclude: [String]) throws(TransformError) {
        let included = try Self.union(of: select) ?? .all
        if let excluded = try Self.union(of: exclude) {
            self = .difference(included, excluding: excluded)
        } else {
            self = included
        }
    }

    private static func union(of values: [String]) throws(TransformError) -> SelectionExpression? {
        var parts: [SelectionExpression] = []
        for value in values {
            for word in value.split(whereSeparator: \.isWhitespace) {
                var criteria: [SelectionExpression] = []
                for part in word.split(separator: ",") {
                    criteria.append(.criterion(try SelectionCriterion(parsing: String(part))))
                }
                if criteria.count == 1 { parts.append(criteria[0]) } else { parts.append(.intersection(criteria)) }
            }
        }
        return parts.isEmpty ? nil : .union(parts)
    }
}

/// A whole selection: words, unions (space), intersections (comma), and what is excluded.
package indirect enum SelectionExpression: Sendable, Hashable {
    case criterion(SelectionCriterion)
    case union([SelectionExpression])
    case intersection([SelectionExpression])
    case difference(SelectionExpression, excluding: SelectionExpression)
    /// What the words of a command line select together: tests whose inputs come from several of them come along, as far as the
    /// mode of indirect selection allows. Selectors of selectors.yml go word by word.
    case gathered(SelectionExpression)

    /// The words as they were written.
    var raw: String {
        switch self {
        case .criterion(let criterion): criterion.raw
        case .intersection(let parts): parts.map(\.raw).joined(separator: ",")
        case .union(let parts): parts.map(\.raw).joined(separator: " ")
        case .difference(let included, _): included.raw
        case .gathered(let inner): inner.raw
        }
    }

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
            // An empty value selects nothing, as in dbt: `--select "$UNSET"` must not run the whole project.
            let words = value.split(whereSeparator: \.isWhitespace)
            for word in words.isEmpty ? [""] : words {
                var criteria: [SelectionExpression] = []
                for part in word.split(separator: ",", omittingEmptySubsequences: false) {
                    criteria.append(.criterion(try SelectionCriterion(parsing: String(part))))
                }
                if criteria.count == 1 { parts.append(criteria[0]) } else { parts.append(.gathered(.intersection(criteria))) }
            }
        }
        return parts.isEmpty ? nil : .gathered(.union(parts))
    }
}

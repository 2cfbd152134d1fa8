import Diagnostics

/// One word of a selection: `2+tag:nightly+1`.
package struct SelectionCriterion: Sendable, Hashable {
    package var raw: String
    package var method: SelectionMethod
    /// What follows the method after a dot: `materialized` in `config.materialized:view`.
    package var arguments: [String]
    package var value: String
    /// `@`: the node, its descendants and all their ancestors.
    package var childrensParents = false
    package var parents = false
    package var parentsDepth: Int?
    package var children = false
    package var childrenDepth: Int?

    /// Reads a word.
    ///
    /// - Throws: ``TransformError`` with code `transform.selector`.
    package init(parsing raw: String) throws(TransformError) {
        self.raw = raw
        var rest = Substring(raw)
        if rest.hasPrefix("@") {
            childrensParents = true
            rest.removeFirst()
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        if rest.dropFirst(digits.count).first == "+" {
            parents = true
            parentsDepth = Int(digits)
            rest = rest.dropFirst(digits.count + 1)
        }
        let tail = rest.reversed().prefix { $0.isASCII && $0.isNumber }.count
        let plus = rest.index(rest.endIndex, offsetBy: -tail - 1, limitedBy: rest.startIndex)
        if let plus, plus < rest.endIndex, rest[plus] == "+" {
            children = true
            childrenDepth = Int(rest[rest.index(after: plus)...])
            rest = rest[..<plus]
        }
        if children, childrensParents {
            throw TransformError(.selector, "'\(raw)': a selection cannot begin with '@' and end with '+'")
        }
        if let colon = rest.firstIndex(of: ":"), colon > rest.startIndex,
            rest[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
        {
            let parts = rest[..<colon].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard let method = SelectionMethod(rawValue: parts[0]) else {
                let names = SelectionMethod.allCases.map(\.rawValue)
                throw TransformError(
                    .selector, "'\(parts[0])' in '\(raw)' is no method of selection",
                    hint: Suggestion.hint(for: parts[0], in: names) ?? "one of: \(names.joined(separator: ", "))")
            }
            self.method = method
            arguments = Array(parts.dropFirst())
            value = String(rest[rest.index(after: colon)...])
        } else {
            value = String(rest)
            arguments = []
            let lowered = value.lowercased()
            if value.contains("/") {
                method = .path
            } else if [".sql", ".py", ".csv"].contains(where: lowered.hasSuffix) {
                method = .file
            } else {
                method = .fqn
            }
        }
        guard !value.isEmpty else { throw TransformError(.selector, "'\(raw)' selects nothing: it has no value") }
    }
}

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
    /// When tests of what is selected come along; nil for what the command line says.
    package var indirectSelection: IndirectSelection?

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
                    .selector, "'\(raw)': '\(parts[0])' is no method of selection",
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
        if let expected = invalidity {
            throw TransformError(.selector, "'\(raw)': '\(value)' is no value of '\(method.rawValue)'", hint: expected)
        }
    }

    /// What the value ought to be, if it cannot mean anything.
    private var invalidity: String? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false).count
        switch method {
        case .source where parts > 3: return "'source', 'source.table' or 'package.source.table'"
        case .exposure where parts > 2, .metric where parts > 2, .semanticModel where parts > 2, .savedQuery where parts > 2,
            .unitTest where parts > 2:
            return "'name' or 'package.name'"
        case .version: return Self.oneOf(["latest", "prerelease", "old", "none"], value)
        case .testType: return Self.oneOf(["generic", "singular", "unit", "data", "schema"], value)
        case .resourceType: return Self.oneOf(ResourceType.allCases.map(\.rawValue), value)
        default: return nil
        }
    }

    private static func oneOf(_ values: [String], _ value: String) -> String? {
        if values.contains(value) { return nil }
        return Suggestion.hint(for: value, in: values) ?? "one of: \(values.joined(separator: ", "))"
    }
}

import Diagnostics
import Documents

/// What the parts of metrics, semantic models and saved queries have in common.
enum SemanticFields {
    /// The mapping with exactly these keys, each with its default where nothing is said.
    static func filled(_ value: JSON.Members, _ fields: [(String, JSON)]) -> JSON.Members {
        JSON.Members(pairs: fields.map { key, standard in (key, value[key].flatMap { $0.isNull ? nil : $0 } ?? standard) })
    }

    /// One text or a list of them, all of which must hold.
    static func filter(_ value: JSON?) -> JSON {
        guard let value, !value.isNull else { return .null }
        return ["where_filters": .array(NodeConfig.strings(value).map { ["where_sql_template": .string($0)] })]
    }

    /// Expressions are texts, also where YAML reads a number or a truth value; these look as in Python.
    static func expression(_ value: JSON?) -> JSON {
        switch value {
        case nil, .null: .null
        case .string(let text): .string(text)
        case .bool(let flag): flag ? "True" : "False"
        case let other?: .string(other.text())
        }
    }

    static let granularities = [
        "nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year",
    ]

    /// `28 days` as a count and a granularity.
    static func window(_ value: JSON?, at location: SourceLocation) throws -> JSON {
        guard let value, !value.isNull else { return .null }
        let text = value.string ?? value.text()
        let parts = text.lowercased().split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = Int(parts[0]), count >= 0 else {
            throw TransformError(
                .schema, "'\(text)' is no window of time", location: location,
                hint: "write a number and a granularity, as in '28 days'")
        }
        let singular = String(parts[1].dropLast())
        let granularity = parts[1].hasSuffix("s") && granularities.contains(singular) ? singular : parts[1]
        return ["count": .int(count), "granularity": .string(granularity)]
    }

    /// One of a few words, in any case.
    static func word(
        _ value: JSON?, among words: [String], of what: String, at location: SourceLocation
    ) throws -> String {
        let text = value?.string ?? value?.text() ?? "null"
        guard words.contains(text.lowercased()) else {
            throw TransformError(
                .schema, "'\(text)' is no \(what)", location: location,
                hint: Suggestion.hint(for: text.lowercased(), in: words) ?? "one of: \(words.joined(separator: ", "))")
        }
        return text.lowercased()
    }

    static let aggregations = [
        "sum", "min", "max", "count_distinct", "sum_boolean", "average", "percentile", "median", "count",
    ]

    /// The part of a semantic model's `config` that its elements hand on, below their own.
    static func elementConfig(_ own: JSON?, under model: JSON.Members) -> JSON {
        var meta = model
        for entry in own?["meta"]?.object?.entries ?? [] { meta[entry.key] = entry.value }
        return ["meta": .object(meta)]
    }
}

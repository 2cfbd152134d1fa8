import Diagnostics

/// When a sync that failed is tried again.
package enum RetryRule: String, Sendable, Hashable, CaseIterable {
    /// Each sync is one attempt.
    case never
    /// Once rows have been moved, it is worth going on: by Airbyte's rules. A sync that fails before that says so at once.
    case progress
    /// By Airbyte's rules from the first failure on.
    case always

    /// - Throws: ``IngestError`` for an unknown name.
    package init(name: String) throws(IngestError) {
        guard let rule = RetryRule(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue)
            throw IngestError(
                .definition, "'\(name)' is not a rule for retries",
                hint: Suggestion.hint(for: name, in: names) ?? "it is one of \(names.joined(separator: ", "))")
        }
        self = rule
    }
}

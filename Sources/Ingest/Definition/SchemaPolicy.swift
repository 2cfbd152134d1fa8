import Diagnostics

/// What becomes of a source's changes that do not break a connection, by Airbyte's names.
package enum SchemaPolicy: String, Sendable, Hashable, CaseIterable {
    /// Columns come, go and change in the destination as in the source.
    case propagateColumns = "propagate_columns"
    /// As ``propagateColumns``; and streams that come are synced too, streams that go are left out.
    case propagateFully = "propagate_fully"
    /// What was synced before goes on; changes are reported and wait for approval.
    case ignore
    /// The connection stops until the changes are approved.
    case disableConnection = "disable_connection"

    /// The names of Airbyte's interface and of other versions of its API.
    private static let otherNames: [String: SchemaPolicy] = [
        "propagate_all": .propagateFully, "approve": .ignore, "manual": .ignore, "disable": .disableConnection,
        "stop": .disableConnection, "pause": .disableConnection,
    ]

    /// All names that are understood.
    package static var names: [String] { allCases.map(\.rawValue) + otherNames.keys.sorted() }

    /// - Throws: ``IngestError`` for an unknown name.
    package init(name: String) throws(IngestError) {
        guard let policy = SchemaPolicy(rawValue: name) ?? Self.otherNames[name] else {
            throw IngestError(
                .definition, "'\(name)' is not a non_breaking_schema_updates_behavior",
                hint: Suggestion.hint(for: name, in: Self.names)
                    ?? "it is one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = policy
    }

    var propagates: Bool { self == .propagateColumns || self == .propagateFully }
}

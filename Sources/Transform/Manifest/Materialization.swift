/// How a node becomes something in the warehouse. Projects may bring their own, so this is open.
package struct Materialization: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let view = Materialization(rawValue: "view")
    package static let table = Materialization(rawValue: "table")
    package static let incremental = Materialization(rawValue: "incremental")
    package static let ephemeral = Materialization(rawValue: "ephemeral")
    package static let materializedView = Materialization(rawValue: "materialized_view")
    package static let seed = Materialization(rawValue: "seed")
    package static let snapshot = Materialization(rawValue: "snapshot")
    package static let test = Materialization(rawValue: "test")
}

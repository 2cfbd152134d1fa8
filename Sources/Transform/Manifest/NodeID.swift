/// What dbt calls a unique_id: `model.superside.fct_engagement_metrics`.
package struct NodeID: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }

    package var description: String { rawValue }

    package static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }
}

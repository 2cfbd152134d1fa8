/// Something whose changes pipelines can wait for: Airflow's asset.
package struct DataReference: Sendable, Hashable, Comparable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A connection, which has landed rows.
        case connection
        /// A model, seed or snapshot of a dbt project, which was built.
        case model
        /// A table, `schema.table`, which a sync or a model has changed, or a task that says so.
        case table
        /// A pipeline, which has succeeded.
        case pipeline
        /// Anything that somebody announces.
        case event
    }

    package let kind: Kind
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String { "\(kind.rawValue):\(name)" }

    package static func < (a: DataReference, b: DataReference) -> Bool { (a.kind.rawValue, a.name) < (b.kind.rawValue, b.name) }
}

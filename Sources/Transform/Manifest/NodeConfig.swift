package import Documents

/// The merged configuration of a node: every key that dbt knows, and those that the project adds.
package struct NodeConfig: Sendable, Hashable {
    package var values: JSON.Members

    package init(_ values: JSON.Members = JSON.Members()) { self.values = values }

    package subscript(key: String) -> JSON? {
        get { values[key] }
        set { values[key] = newValue }
    }

    package var isEnabled: Bool { values["enabled"]?.bool ?? true }
    package var materialized: Materialization { Materialization(rawValue: values["materialized"]?.string ?? "view") }
    package var tags: [String] { Self.strings(values["tags"]) }
    package var packages: [String] { Self.strings(values["packages"]) }
    package var schema: String? { values["schema"]?.string }
    package var database: String? { values["database"]?.string }
    package var alias: String? { values["alias"]?.string }
    package var group: String? { values["group"]?.string }
    package var meta: JSON.Members { values["meta"]?.object ?? JSON.Members() }
    package var fullRefresh: Bool? { values["full_refresh"]?.bool }
    package var preHooks: [Hook] { Self.hooks(values["pre-hook"]) }
    package var postHooks: [Hook] { Self.hooks(values["post-hook"]) }
    /// The column types that a seed's columns are given instead of the inferred ones.
    package var columnTypes: JSON.Members { values["column_types"]?.object ?? JSON.Members() }

    static func strings(_ value: JSON?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let items): items.map { $0.string ?? $0.text() }
        default: []
        }
    }

    private static func hooks(_ value: JSON?) -> [Hook] { (value?.array ?? []).map(Hook.init) }
}

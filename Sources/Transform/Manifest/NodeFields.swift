package import Diagnostics
package import Documents

/// What a ``Node`` is made of.
package struct NodeFields: Sendable {
    package var id: NodeID
    package var name: String
    package var resourceType: ResourceType
    package var packageName: String
    /// Relative to the folder of its kind (`models/`).
    package var path: String
    /// Relative to the package.
    package var originalPath: String
    package var rawCode: String
    package var language = "sql"
    /// Package, folders, name: what configuration and selection go by.
    package var fqn: [String]
    package var alias: String
    package var schema: String?
    package var database: String?
    /// How SQL names it; nil for what has no relation.
    package var relationName: String?
    package var checksum: Checksum
    package var config: NodeConfig
    /// What was configured, before defaults and not merged.
    package var unrenderedConfig = JSON.Members()
    package var tags: [String] = []
    package var meta = JSON.Members()
    package var group: String?
    package var description = ""
    package var docBlocks: [String] = []
    package var columns: [ColumnInfo] = []
    package var constraints: [JSON] = []
    package var patchPath: String?
    package var access: String?
    package var version: String?
    package var latestVersion: String?
    package var deprecationDate: String?
    package var primaryKey: [String] = []
    /// For models of days: `standard_granularity_column` and `custom_granularities`.
    package var timeSpine: JSON = .null
    package var refs: [RefCall] = []
    package var sources: [SourceCall] = []
    package var dependsOnNodes: [NodeID] = []
    package var dependsOnMacros: [String] = []
    package var test: TestMetadata?
    /// Calls of `function()`.
    package var functions: [RefCall] = []
    package var unitTest: UnitTest?
    package var function: FunctionSignature?
    /// For seeds: the package's folder.
    package var rootPath: String?
    package var createdAt: Double = 0
    /// For errors about the node: its file, or its place in a schema file.
    package var location: SourceLocation
    /// For hooks of a project: its place among them.
    package var index: Int?

    package var isEphemeral: Bool { resourceType == .model && config.materialized == .ephemeral }
    package var isGenericTest: Bool { test != nil }
    package var isSingularTest: Bool { resourceType == .test && test == nil }

    /// Whether it becomes a relation in the warehouse.
    var isRelational: Bool {
        switch resourceType {
        case .model: !isEphemeral
        case .seed, .snapshot, .function: true
        case .test: keepsFailures
        default: false
        }
    }

    /// Whether a test keeps its failing rows in the warehouse: it says so, or the command line does, and then it has a name.
    package var keepsFailures: Bool { resourceType == .test && (storesFailures || relationName != nil) }

    /// Whether a test's configuration keeps its failing rows in the warehouse.
    var storesFailures: Bool {
        if let kind = config["store_failures_as"]?.string { return kind != "ephemeral" }
        return config["store_failures"]?.bool ?? false
    }
}

package import Diagnostics
package import Documents

/// A table that others load and the project reads.
package struct SourceDefinition: Sendable {
    package var id: NodeID
    package var packageName: String
    package var path: String
    package var originalPath: String
    package var fqn: [String]
    package var sourceName: String
    package var name: String
    package var sourceDescription = ""
    package var description = ""
    package var loader = ""
    package var identifier: String
    package var database: String
    package var schema: String
    package var quoting = JSON.Members()
    package var loadedAtField: String?
    package var loadedAtQuery: String?
    package var freshness: JSON = .null
    package var external: JSON = .null
    package var columns: [ColumnInfo] = []
    package var meta = JSON.Members()
    package var sourceMeta = JSON.Members()
    package var tags: [String] = []
    package var config: NodeConfig
    package var unrenderedConfig = JSON.Members()
    package var unrenderedDatabase: String?
    package var unrenderedSchema: String?
    package var docBlocks: [String] = []
    package var relationName: String
    package var createdAt: Double = 0
    package var location: SourceLocation
}

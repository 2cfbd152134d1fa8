import Diagnostics
import Documents

/// What a schema file says about a model, seed, snapshot or analysis.
struct NodePatch: Sendable {
    var name: String
    /// `models`, `seeds`, `snapshots` or `analyses`.
    var key: String
    var file: PackageFile
    var location: SourceLocation
    var description: String
    var config: JSON.Members
    /// The configuration with its templates, as dbt keeps it for comparing states.
    var unrendered = JSON.Members()
    var columns: [ColumnInfo]
    var constraints: [JSON]
    var access: String?
    var latestVersion: String?
    var deprecationDate: String?
    var primaryKey: [String] = []
    var timeSpine: JSON = .null
    /// The semantic model that a model is, and its metrics.
    var semantics: [SemanticResource] = []
    /// What a function takes and gives.
    var function: FunctionSignature?
    var tests: [PatchTest]
    /// For one version of a model: which one, and the names that its file may have.
    var version: String?
    var stems: [String] = []
    /// For a snapshot without a file: what it selects from, and the fingerprint of the schema file.
    var relation: String?
    var fileChecksum: Checksum?

    var patchPath: String { "\(file.package)://\(file.originalPath)" }
}

/// A test that a schema file asks for, on a column or on the whole.
struct PatchTest: Sendable {
    var node: YAMLNode
    /// As it stands in SQL.
    var columnName: String?
    var columnTags: [String] = []
    /// As the schema file names it.
    var column: String?
}

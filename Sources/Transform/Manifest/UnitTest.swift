package import Diagnostics
package import Documents

/// A test of a model's logic: rows that go in, and rows that must come out.
package struct UnitTest: Sendable {
    package var id: NodeID
    package var name: String
    /// The name of the tested model.
    package var model: String
    package var packageName: String
    package var path: String
    package var originalPath: String
    package var fqn: [String]
    package var description = ""
    package var given: [Fixture] = []
    package var expect = Fixture()
    /// What `macros`, `vars` and `env_vars` are while the test runs; null where nothing is replaced.
    package var overrides: JSON = .null
    /// `include` or `exclude`: for which versions of the model the test is.
    package var versions: JSON = .null
    package var version: String?
    package var config = NodeConfig()
    package var schema: String?
    package var dependsOnNodes: [NodeID] = []
    package var checksum = ""
    package var createdAt: Double = 0
    package var location: SourceLocation

    /// The rows of one input, or those expected.
    package struct Fixture: Sendable, Hashable {
        /// `ref('orders')`, `source('shop', 'orders')` or `this`; nil for what is expected.
        package var input: String?
        /// A list of mappings, or SQL.
        package var rows: JSON = .null
        /// `dict`, `csv` or `sql`.
        package var format = "dict"
        /// The name of the file that holds the rows.
        package var file: String?
    }
}

package import Documents

/// How a generic test came to be: the macro, and what a schema file hands it.
package struct TestMetadata: Sendable, Hashable {
    /// The test's macro without `test_`.
    package var name: String
    /// The package that the schema file names before the test's name.
    package var namespace: String?
    /// The arguments of the macro, `column_name` and `model` among them, not rendered.
    package var arguments: JSON.Members
    package var columnName: String?
    /// `models.orders`: the part of the schema file in which the test stands.
    package var fileKeyName: String
    /// The node that is tested, where it is one and not a source.
    package var attachedNode: NodeID?
}

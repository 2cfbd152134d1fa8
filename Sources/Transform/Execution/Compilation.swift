import Documents

/// A node's SQL as the warehouse gets it, with the common table expressions of ephemeral models put in.
package struct Compilation: Sendable {
    package var code: String
    /// The ephemeral models that were put in, in order.
    package var ephemerals: [Ephemeral] = []
    /// Where the file lies, as the user would name it.
    package var path: String?

    package struct Ephemeral: Sendable, Hashable {
        package var id: NodeID
        package var sql: String
    }
}

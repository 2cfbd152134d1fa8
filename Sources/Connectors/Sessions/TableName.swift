/// A table in a destination.
package struct TableName: Sendable, Hashable, CustomStringConvertible {
    package var schema: String
    package var name: String

    package init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }

    /// For people; not quoted.
    package var description: String { schema.isEmpty ? name : "\(schema).\(name)" }
}

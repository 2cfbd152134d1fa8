package import Documents

/// A stream as the source offers it.
package struct DiscoveredStream: Sendable, Hashable {
    /// What lies behind the stream.
    package enum Kind: String, Sendable, Hashable {
        case table
        case partitionedTable = "partitioned table"
        case view
        case materializedView = "materialized view"
        case foreignTable = "foreign table"
        case file
        case endpoint
    }

    package var descriptor: StreamDescriptor
    package var kind: Kind
    /// In the source's order.
    package var fields: [Field]
    /// The key's fields in the key's order; empty without a key.
    package var primaryKey: [String]
    /// The source's guess of the number of rows; nil where it has none.
    package var estimatedRows: Int?
    /// Whether we have the right to read it.
    package var isReadable = true
    /// Whether the source can hand it over whole without running a query.
    package var isCopyable = false
    /// Whether it can be read from where the last read ended.
    package var supportsIncremental = true
    /// Whether the source itself knows where it ended, without a cursor field.
    package var hasOwnCursor = false
    /// The field that the source proposes as cursor.
    package var defaultCursorField: String?
    /// The stream as the source's own protocol describes it; nil where there is none.
    package var definition: JSON?

    package init(
        descriptor: StreamDescriptor, kind: Kind, fields: [Field], primaryKey: [String] = [], estimatedRows: Int? = nil
    ) {
        self.descriptor = descriptor
        self.kind = kind
        self.fields = fields
        self.primaryKey = primaryKey
        self.estimatedRows = estimatedRows
    }

    package func field(named name: String) -> Field? { fields.first { $0.name == name } }
}

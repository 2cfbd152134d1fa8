package import Connectors
package import Documents
package import Records

/// A connection: which streams of a source go where in a destination, and how.
package struct ConnectionDefinition: Sendable, Hashable {
    package var name: String
    package var source: ConnectorDefinition
    package var destination: ConnectorDefinition
    package var namespaceDefinition: NamespaceDefinition
    /// Put before the name of every table.
    package var prefix: String
    package var streams: [ConfiguredStream]
    package var schemaPolicy = SchemaPolicy.propagateColumns
    /// Whether old rows get the values of columns that are new, in modes that deduplicate.
    package var backfillsColumns = false
    /// How many streams are moved at a time, each over connections of its own.
    package var parallelStreams = 4
    /// When a sync that failed is tried again.
    package var retries = RetryRule.progress
    /// The bytes of a part: tables of more than four of them are moved in parts, by several workers, and a sync that was
    /// killed goes on with the parts that are missing. Nil moves every stream whole.
    package var partSize: Int? = 256 << 20
    /// How source and destination are compared after each sync, which fails where they differ; nil compares nothing.
    package var verification: VerifyOptions?

    package init(
        name: String, source: ConnectorDefinition, destination: ConnectorDefinition,
        namespaceDefinition: NamespaceDefinition = .destination, prefix: String = "", streams: [ConfiguredStream]
    ) {
        self.name = name
        self.source = source
        self.destination = destination
        self.namespaceDefinition = namespaceDefinition
        self.prefix = prefix
        self.streams = streams
    }
}

/// A connector with its configuration, by the name that the user gave it.
package struct ConnectorDefinition: Sendable, Hashable {
    package var name: String
    /// Which connector: `postgres`.
    package var connector: ConnectorReference
    package var config: JSON

    package init(name: String, connector: ConnectorReference, config: JSON) {
        self.name = name
        self.connector = connector
        self.config = config
    }
}

package import Records

/// What a sync did.
package struct SyncResult: Sendable, Hashable {
    /// In the order of the connection's definition.
    package var streams: [StreamResult]
    /// The number of the sync among those of the connection.
    package var syncID: Int
    package var duration: Duration
    /// Streams that the source has added or removed, as far as the connection follows those.
    package var changes: [SchemaChange] = []
    /// How many attempts it took.
    package var attempts = 1

    package var rowsRead: Int { streams.reduce(0) { $0 + $1.rowsRead } }
    package var rowsCommitted: Int { streams.reduce(0) { $0 + $1.rowsCommitted } }
    package var bytes: Int { streams.reduce(0) { $0 + $1.bytes } }
}

/// What a sync did with one stream.
package struct StreamResult: Sendable, Hashable {
    package var name: String
    /// In the source.
    package var namespace: String?
    /// In the destination: `schema.table`.
    package var table: String
    package var rowsRead: Int
    package var rowsCommitted: Int
    package var bytes: Int
    package var duration: Duration
    package var generation: Int
    /// How the rows became visible: `created`, `swapped`, `refilled`, ...
    package var publication: String
    /// What changed on the way or is worth knowing.
    package var notes: [String]
    /// How the source differs from what the last sync found.
    package var changes: [SchemaChange] = []
    /// How many parts the stream was moved in; 1 for those that are moved whole.
    package var parts = 1
}

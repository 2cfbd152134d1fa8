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
    /// The attempts that it took; all but the last have failed.
    package var attempts: [SyncAttempt] = []
    /// What a comparison with the source found, where the connection asks for one.
    package var verification: Verification?

    package var rowsRead: Int { streams.reduce(0) { $0 + $1.rowsRead } }
    package var rowsEmitted: Int { streams.reduce(0) { $0 + $1.rowsEmitted } }
    package var rowsRejected: Int { streams.reduce(0) { $0 + $1.rowsRejected } }
    package var rowsCommitted: Int { streams.reduce(0) { $0 + $1.rowsCommitted } }
    package var bytes: Int { streams.reduce(0) { $0 + $1.bytes } }
    package var bytesEmitted: Int { streams.reduce(0) { $0 + $1.bytesEmitted } }
}

/// What a sync did with one stream.
package struct StreamResult: Sendable, Hashable {
    package var name: String
    /// In the source.
    package var namespace: String?
    /// In the destination: `schema.table`.
    package var table: String
    /// What the source gave, with the rows that a filter of ours left out and those that were rejected.
    package var rowsRead: Int
    package var rowsCommitted: Int
    /// What the source gave, in the form in which it travels.
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
    /// What the destination was given; some of it may have been there already.
    package var rowsEmitted: Int
    package var bytesEmitted: Int
    /// What could not be taken and was left out, where the source is told to go on then.
    package var rowsRejected = 0
    /// As far as it is durable: all that was given, once a stream is committed.
    package var bytesCommitted: Int { bytesEmitted }

    package init(
        name: String, namespace: String?, table: String, rowsRead: Int, rowsCommitted: Int, bytes: Int, duration: Duration,
        generation: Int, publication: String, notes: [String]
    ) {
        self.name = name
        self.namespace = namespace
        self.table = table
        self.rowsRead = rowsRead
        self.rowsCommitted = rowsCommitted
        self.bytes = bytes
        self.duration = duration
        self.generation = generation
        self.publication = publication
        self.notes = notes
        rowsEmitted = rowsRead
        bytesEmitted = bytes
    }
}

import Connectors
import Records

/// What a sync will do, as decided once source and destination were looked at.
struct SyncPlan: Sendable {
    var streams: [StreamPlan]
    var changes: [SchemaChange]
    var snapshot: SourceSnapshot
    var syncID: Int
}

/// What becomes of a connection's streams.
struct ConnectionPlan: Sendable {
    /// In the order of the connection's definition.
    var streams: [StreamPlan]
    /// Streams that came or went.
    var changes: [SchemaChange] = []
}

/// What a sync will do with one stream.
struct StreamPlan: Sendable {
    /// The place in the connection's definition.
    var index: Int
    var configured: ConfiguredStream
    var stream: DiscoveredStream
    var table: TableName
    var columns: [ColumnMapping]
    /// Empty in modes that do not deduplicate.
    var primaryKey: [String]
    /// Nil in modes that do not use one.
    var cursorField: Field?
    /// What is moved, after selection and mappings.
    var fields: [Field]
    /// Only rows that fit.
    var filter: RowFilter?
    /// What the last sync found; nil where there was none.
    var recorded: StreamSchema?
    /// How the source differs from that.
    var changes: [SchemaChange] = []
    /// What is gone on with although the source has changed; nil where the source is taken as it is.
    var approved: StreamSchema?

    /// The source's own key by the names of the destination; empty where not all of it is moved.
    var sourceKey: [String] {
        let names = stream.primaryKey.compactMap { key in fields.first { $0.column == key }?.name }
        return names.count == stream.primaryKey.count ? names : []
    }

    /// What to compare the next sync's with.
    var schema: StreamSchema {
        approved
            ?? StreamSchema(
                columns: columns.map { column in
                    StreamSchema.Column(
                        name: column.name, type: column.field.typeName, isNullable: column.field.isNullable,
                        destinationType: column.type)
                }, primaryKey: primaryKey)
    }

    /// How messages name it.
    var label: String { stream.descriptor.name }

    /// What to read, were it from the start.
    var readRequest: ReadRequest {
        var request = ReadRequest(stream: stream, columns: columns)
        request.filter = filter
        request.mode = configured.syncMode
        request.cursorField = cursorField?.column
        request.primaryKey = primaryKey.map { key in fields.first { $0.name == key }?.column ?? key }
        return request
    }

    /// - Parameter extractedAt: microseconds since 1970.
    func writeRequest(
        _ definition: ConnectionDefinition, syncID: Int, attemptID: String, extractedAt: Int, lockWait: Duration
    ) -> WriteRequest {
        var request = WriteRequest(
            connection: definition.name, stream: stream.descriptor, table: table, columns: columns,
            mode: configured.syncMode, primaryKey: primaryKey, cursorField: cursorField?.name, syncID: syncID,
            attemptID: attemptID, extractedAt: extractedAt, lockWait: lockWait)
        request.lookBack = configured.lookBack
        request.backfillsColumns = definition.backfillsColumns
        request.schema = schema
        return request
    }
}

import Connectors
import Records

/// What a sync will do, as decided once source and destination were looked at.
struct SyncPlan: Sendable {
    var streams: [StreamPlan]
    var snapshot: SourceSnapshot
    var syncID: Int
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

    /// How messages name it.
    var label: String { stream.descriptor.name }

    /// - Parameter extractedAt: microseconds since 1970.
    func writeRequest(
        _ definition: ConnectionDefinition, syncID: Int, attemptID: String, extractedAt: Int, lockWait: Duration
    ) -> WriteRequest {
        WriteRequest(
            connection: definition.name, stream: stream.descriptor, table: table, columns: columns,
            mode: configured.syncMode, primaryKey: primaryKey, cursorField: cursorField?.name, syncID: syncID,
            attemptID: attemptID, extractedAt: extractedAt, lockWait: lockWait)
    }
}

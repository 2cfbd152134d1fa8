import Connectors
package import Documents
import Records

extension SyncResult {
    /// What programs and later tasks may read of a sync.
    package var json: JSON {
        var members = JSON.Members([
            ("sync_id", .int(syncID)), ("attempts", .int(attempts.count)), ("seconds", .double(duration.seconds)),
            ("rows_read", .int(rowsRead)), ("rows_emitted", .int(rowsEmitted)),
            ("rows_committed", .int(rowsCommitted)), ("rows_rejected", .int(rowsRejected)), ("bytes", .int(bytes)),
            ("bytes_emitted", .int(bytesEmitted)), ("streams", .array(streams.map(\.json))),
        ])
        if !changes.isEmpty { members["schema_changes"] = .array(changes.map(\.json)) }
        if let verification { members["verification"] = .array(verification.streams.map(\.json)) }
        members["attempt_records"] = .array(attempts.map(\.json))
        return .object(members)
    }
}

extension StreamVerification {
    /// Without values of rows.
    package var json: JSON {
        [
            "name": .string(stream.name), "namespace": stream.namespace.map { .string($0) } ?? .null,
            "equal": .bool(isEqual), "sampled": .bool(isSampled), "rows": .int(sourceRows), "columns": .int(columns),
            "differences": .int(differenceCount), "seconds": .double(duration.seconds),
        ]
    }
}

extension SyncAttempt {
    /// As Airbyte's jobs have their attempts.
    package var json: JSON {
        var members = JSON.Members([
            ("attempt", .int(number)), ("status", failure == nil ? "succeeded" : "failed"),
            ("seconds", .double(duration.seconds)),
            ("rows_committed", .int(rowsCommitted)), ("bytes_committed", .int(bytesCommitted)),
        ])
        if let failure {
            members["failure"] = ["failure_type": .string(failure.type.rawValue), "message": .string(failure.message)]
        }
        return .object(members)
    }
}

extension StreamResult {
    package var json: JSON {
        var members = JSON.Members([
            ("name", .string(name)), ("namespace", namespace.map { .string($0) } ?? .null), ("table", .string(table)),
            ("rows_read", .int(rowsRead)), ("rows_emitted", .int(rowsEmitted)), ("rows_committed", .int(rowsCommitted)),
            ("rows_rejected", .int(rowsRejected)), ("bytes", .int(bytes)), ("bytes_emitted", .int(bytesEmitted)),
            ("bytes_committed", .int(bytesCommitted)),
            ("seconds", .double(duration.seconds)), ("generation", .int(generation)),
            ("publication", .string(publication)), ("parts", .int(parts)),
        ])
        if !changes.isEmpty { members["schema_changes"] = .array(changes.map(\.json)) }
        if !notes.isEmpty { members["notes"] = .array(notes.map { .string($0) }) }
        return .object(members)
    }
}

extension Duration {
    /// To the millisecond.
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds / 1_000_000_000_000_000) / 1000
    }
}

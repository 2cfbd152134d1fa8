package import Connectors
package import Records

/// What clearing a stream did.
package struct ClearedStream: Sendable, Hashable {
    package var stream: StreamDescriptor
    package var table: TableName
    package var rows: Int
}

extension Sync {
    /// Takes all rows of the streams out of their tables and forgets how far they were loaded; the tables stay.
    ///
    /// Each stream is cleared in one step. The next sync reads from the start.
    /// - Throws: ``ConnectorError`` or ``IngestError``; streams before the one that failed are cleared then.
    package func clear() async throws -> [ClearedStream] {
        let (source, destination, planner) = try prepared()
        return try await BlockingThread.run("leat-clear") {
            let session = SessionOptions(applicationName: "leat clear \(definition.name)")
            let writing = try destination.openSession(session)
            defer { writing.close() }
            try writing.lock(connection: definition.name, wait: options.lockWait) { _ in }
            let reading = try source.openSession(session)
            defer { reading.close() }
            let plan = try planner.plan(reading, writing, options: options)
            let syncID = try writing.prepare(
                connection: definition.name, schemas: Set(plan.streams.map(\.table.schema)).sorted())
            return try plan.streams.map { stream in
                let request = stream.writeRequest(
                    definition, syncID: syncID, attemptID: "clear", extractedAt: 0, lockWait: options.lockWait)
                return ClearedStream(
                    stream: stream.stream.descriptor, table: stream.table, rows: try writing.clear(request))
            }
        }
    }
}

package import Connectors
package import Records

/// What a sync would do, found out without writing anything.
package struct SyncPreview: Sendable {
    /// In the order of the connection's definition.
    package var streams: [StreamPreview]

    /// Whether the sync could run.
    package var isPossible: Bool { streams.allSatisfy { $0.problem == nil } }
}

/// What a sync would do with one stream.
package struct StreamPreview: Sendable {
    package var stream: DiscoveredStream
    package var mode: SyncMode
    package var table: TableName
    package var columns: [ColumnMapping]
    /// Empty in modes that do not deduplicate.
    package var primaryKey: [String]
    package var cursorField: String?
    /// Nil where there is a problem.
    package var forecast: WriteForecast?
    /// How the source differs from what the last sync found.
    package var changes: [SchemaChange] = []
    /// Why the stream cannot be written.
    package var problem: ConnectorError?
}

extension Sync {
    /// Looks at source and destination and says what ``run(progress:)`` would do.
    /// - Throws: ``ConnectorError`` or ``IngestError``, as a sync would before it moves anything.
    package func preview() async throws -> SyncPreview {
        let (source, destination, planner) = try prepared()
        return try await BlockingThread.run("leat-plan") {
            let session = SessionOptions(applicationName: "leat plan \(definition.name)")
            let reading = try source.openSession(session)
            defer { reading.close() }
            let writing = try destination.openSession(session)
            defer { writing.close() }
            return SyncPreview(
                streams: try planner.plan(reading, writing, options: options).streams.map {
                    preview($0, isExternal: reading.isExternal, writing)
                })
        }
    }

    private func preview(
        _ plan: StreamPlan, isExternal: Bool, _ destination: any DestinationSession
    ) -> StreamPreview {
        var preview = StreamPreview(
            stream: plan.stream, mode: plan.configured.syncMode, table: plan.table, columns: plan.columns,
            primaryKey: plan.primaryKey, cursorField: plan.cursorField?.name)
        preview.changes = plan.changes
        do throws(ConnectorError) {
            var request = plan.writeRequest(definition, syncID: 0, attemptID: "plan", extractedAt: 0, lockWait: .zero)
            request.hasSourceState = isExternal
            preview.forecast = try destination.forecast(request)
        } catch {
            preview.problem = error
        }
        return preview
    }
}

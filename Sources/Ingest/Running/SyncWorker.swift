import Connectors
import Records

/// Moves streams, one after the other, over a pair of sessions. Lives on one thread that may block.
struct SyncWorker {
    let definition: ConnectionDefinition
    let options: SyncOptions
    let control: SyncControl
    let attemptID: String
    let source: any SourceSession
    let destination: any DestinationSession
    let report: @Sendable (SyncProgress) -> Void

    /// Takes streams from the queue until it is empty. A stream that fails does not keep others from being moved.
    func run(_ plan: SyncPlan, _ queue: SyncQueue) throws {
        while let stream = queue.next() {
            do {
                queue.succeed(stream, try move(stream, plan))
            } catch {
                destination.rollback()
                try control.check()
                report(SyncProgress(stream: stream.label, phase: .failed, message: "\(error)"))
                queue.fail(stream, error)
            }
        }
    }

    private func move(_ plan: StreamPlan, _ sync: SyncPlan) throws -> StreamResult {
        try control.check()
        let start = ContinuousClock.now
        var meter = ProgressMeter(stream: plan.label, interval: options.progressInterval, report: report)
        meter.enter(.copying, rows: 0)
        var write = plan.writeRequest(
            definition, syncID: sync.syncID, attemptID: attemptID, extractedAt: sync.snapshot.takenAt,
            lockWait: options.lockWait)
        write.hasSourceState = source.isExternal
        write.hasChanges = source.isExternal
        write.refresh = options.refresh
        let state = try destination.begin(write)
        var request = ReadRequest(stream: plan.stream, columns: plan.columns)
        if let field = plan.cursorField, let from = state.cursor {
            request.cursor = ReadRequest.Cursor(field: field, from: from, lookBack: plan.configured.lookBack)
        }
        request.filter = plan.filter
        request.sourceState = state.sourceState
        request.mode = write.mode
        request.cursorField = plan.cursorField?.column
        request.primaryKey = plan.primaryKey.map { key in plan.fields.first { $0.name == key }?.column ?? key }
        request.generation = state.generation
        request.syncID = sync.syncID
        let rows = try destination.load { append in
            try source.read(request) { bytes in
                try append(bytes)
                if meter.count(bytes.count) {
                    try control.check()
                    meter.tick(rows: destination.rowsLoaded)
                }
            }
        }
        try control.check()
        meter.enter(.committing, rows: rows)
        var outcome = try destination.commit(sourceState: source.finalState)
        if source.changedValues > 0 {
            outcome.notes.append("\(source.changedValues) values did not fit their columns; _airbyte_meta says which")
        }
        outcome.notes += plan.changes.map(\.sentence)
        meter.enter(.done, rows: outcome.rowsCommitted)
        var result = StreamResult(
            name: plan.stream.descriptor.name, namespace: plan.stream.descriptor.namespace, table: "\(plan.table)",
            rowsRead: rows, rowsCommitted: outcome.rowsCommitted, bytes: meter.bytes,
            duration: ContinuousClock.now - start, generation: outcome.generation,
            publication: outcome.publication.rawValue, notes: outcome.notes)
        result.changes = plan.changes
        return result
    }
}

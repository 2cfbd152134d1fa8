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

    /// Takes work from the queue until it is empty. A stream that fails does not keep others from being moved.
    func run(_ plan: SyncPlan, _ queue: SyncQueue) throws {
        while let work = queue.next() {
            switch work {
            case .stream(let stream):
                try attempt(stream, queue) {
                    try move(stream, plan)
                } isFirstFailure: {
                    true
                }
            case .part(let part, let parts):
                try attempt(parts.plan, queue) {
                    try move(part, of: parts, plan)
                } isFirstFailure: {
                    parts.fail()
                }
            case .publication(let parts):
                try attempt(parts.plan, queue) {
                    try publish(parts)
                } isFirstFailure: {
                    true
                }
            }
        }
    }

    private func attempt(
        _ stream: StreamPlan, _ queue: SyncQueue, _ body: () throws -> StreamResult?, isFirstFailure: () -> Bool
    ) throws {
        do {
            if let result = try body() {
                queue.succeed(stream, result)
                if result.rowsRead > 0 { control.noteMoved() }
            }
        } catch {
            destination.rollback()
            try control.check()
            guard isFirstFailure() else { return }
            report(SyncProgress(stream: stream.label, phase: .failed, message: "\(error)"))
            queue.fail(stream, error)
        }
    }

    func writeRequest(_ plan: StreamPlan, _ sync: SyncPlan) -> WriteRequest {
        var request = plan.writeRequest(
            definition, syncID: sync.syncID, attemptID: attemptID, extractedAt: sync.snapshot.takenAt,
            lockWait: options.lockWait)
        request.hasSourceState = source.isExternal
        request.hasChanges = source.isExternal
        request.refresh = options.refresh
        return request
    }

    /// What to read, were it from the start.
    func readRequest(_ plan: StreamPlan, _ sync: SyncPlan) -> ReadRequest {
        var request = ReadRequest(stream: plan.stream, columns: plan.columns)
        request.filter = plan.filter
        request.mode = plan.configured.syncMode
        request.cursorField = plan.cursorField?.column
        request.primaryKey = plan.primaryKey.map { key in plan.fields.first { $0.name == key }?.column ?? key }
        request.syncID = sync.syncID
        return request
    }

    /// Reads and hands over, with a look around now and then.
    func read(
        _ request: ReadRequest, _ append: (UnsafeRawBufferPointer) throws -> Void, _ meter: inout ProgressMeter
    ) throws {
        try source.read(request) { bytes in
            try append(bytes)
            if meter.count(bytes.count) {
                try control.check()
                meter.tick(rows: destination.rowsLoaded)
            }
        }
    }

    private func move(_ plan: StreamPlan, _ sync: SyncPlan) throws -> StreamResult {
        try control.check()
        let start = ContinuousClock.now
        var meter = ProgressMeter(stream: plan.label, interval: options.progressInterval, report: report)
        meter.enter(.copying, rows: 0)
        let state = try destination.begin(writeRequest(plan, sync))
        var request = readRequest(plan, sync)
        if let field = plan.cursorField, let from = state.cursor {
            request.cursor = ReadRequest.Cursor(field: field, from: from, lookBack: plan.configured.lookBack)
        }
        request.sourceState = state.sourceState
        request.generation = state.generation
        request.isOrdered = destination.wantsOrder && request.mode.isIncremental && request.cursorField != nil
        let rows = try destination.load { append in try read(request, append, &meter) }
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

import Connectors
import Documents
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
        request.hasChanges = StreamReading.sendsChanges(source, plan.columns, plan.filter)
        request.refresh = options.refresh
        return request
    }

    /// What to read, were it from the start.
    func readRequest(_ plan: StreamPlan, _ sync: SyncPlan) -> ReadRequest {
        var request = plan.readRequest
        request.syncID = sync.syncID
        return request
    }

    /// Reads and hands over, with a look around now and then.
    ///
    /// - Parameter checkpoint: takes a state of the source's and the bytes moved so far; returns the rows that were committed with it, if
    ///   any.
    func read(
        _ request: ReadRequest, _ append: (UnsafeRawBufferPointer) throws -> Void, _ meter: inout ProgressMeter,
        checkpoint: (JSON, Int) throws -> Int? = { _, _ in nil }
    ) throws {
        let before = meter.bytes
        var reading = try StreamReading(source, request)
        try watched(request) { watch in
            try reading.run { bytes in
                watch?.receive()
                try append(bytes)
                watch?.wait()
            } look: { count in
                guard meter.count(count) else { return }
                try control.check()
                meter.tick(rows: destination.rowsLoaded)
            } checkpoint: { state in
                try control.check()
                if let rows = try checkpoint(state, meter.bytes) { meter.committedRows += rows }
            }
        }
        meter.note(
            filteredRows: reading.filteredRows, rejectedRows: source.rejectedRows, changedValues: reading.changedValues,
            emittedBytes: reading.emittedBytes ?? meter.bytes - before)
    }

    /// Ends a read whose source says nothing for too long.
    private func watched(_ request: ReadRequest, _ body: (SourceWatch?) throws -> Void) throws {
        if source.isExternal { return try body(nil) }
        let watch = SourceWatch(source.interrupt, limit: options.heartbeat)
        defer { watch.end() }
        do {
            try body(watch)
        } catch {
            guard watch.hasCut else { throw error }
            throw ConnectorError(
                .source,
                "source '\(definition.source.name)' has sent nothing of \(request.stream.descriptor) for \(options.heartbeat)",
                hint: "it may wait for a lock, or hang; LEAT_HEARTBEAT_SECONDS says how long is too long", failureType: .transient
            )
        }
    }

    private func move(_ plan: StreamPlan, _ sync: SyncPlan) throws -> StreamResult {
        try control.check()
        let start = ContinuousClock.now
        var meter = ProgressMeter(stream: plan.label, interval: options.progressInterval, report: report)
        meter.enter(.copying, rows: 0)
        var write = writeRequest(plan, sync)
        var state = try destination.begin(write)
        var request = readRequest(plan, sync)
        if let field = plan.cursorField, let from = state.cursor {
            request.cursor = ReadRequest.Cursor(field: field, from: from, lookBack: plan.configured.lookBack)
        }
        request.sourceState = state.sourceState
        request.isOrdered = destination.wantsOrder && request.mode.isIncremental && request.cursorField != nil
        var bounds = try self.bounds(of: request)
        var total = Total()
        var pacer = CheckpointPacer(
            size: mayCommitBetween(request, state) ? definition.partSize : nil, options.checkpointInterval)
        while true {
            request.generation = state.generation
            request.cursor?.before = bounds.first
            meter.committedRows = total.rows
            let rows = try destination.load { append, checkpoint in
                try read(request, append, &meter) { sourceState, bytes in
                    guard pacer.isDue(bytes: bytes) else { return nil }
                    let (outcome, rows) = try checkpoint(sourceState, "\(attemptID)_\(total.parts)")
                    total.add(outcome, rows: rows)
                    control.noteMoved()
                    return rows
                }
            }
            try control.check()
            meter.enter(.committing, rows: total.rows + rows)
            let outcome = try destination.commit(sourceState: source.finalState)
            total.add(outcome, rows: rows)
            guard let field = plan.cursorField, !bounds.isEmpty else {
                meter.enter(.done, rows: total.committed)
                return result(plan, outcome, total, meter, since: start)
            }
            // What was committed stays, and a sync that is killed now goes on from here.
            control.noteMoved()
            request.cursor = ReadRequest.Cursor(field: field, from: bounds.removeFirst())
            write.isContinued = true
            write.attemptID = "\(attemptID)_\(total.parts)"
            state = try destination.begin(write)
        }
    }

    /// What a stream's transactions have brought together.
    private struct Total {
        var rows = 0
        var committed = 0
        var parts = 0
        var notes: [String] = []

        mutating func add(_ outcome: WriteOutcome, rows: Int) {
            self.rows += rows
            committed += outcome.rowsCommitted
            parts += 1
            for note in outcome.notes where !notes.contains(note) { notes.append(note) }
        }
    }

    /// Whether rows may become visible with a state of the source's before all have come: not where they replace others.
    private func mayCommitBetween(_ request: ReadRequest, _ state: StreamState) -> Bool {
        destination.takesCheckpoints && source.isExternal && request.mode.isIncremental && (state.isAdding || state.isNew)
    }

    /// Where a long increment is cut.
    private func bounds(of request: ReadRequest) throws -> [String] {
        guard destination.takesRanges, request.cursor != nil, let size = definition.partSize else { return [] }
        return try source.bounds(of: request, size: size)
    }

    private func result(
        _ plan: StreamPlan, _ outcome: WriteOutcome, _ total: Total, _ meter: ProgressMeter,
        since start: ContinuousClock.Instant
    ) -> StreamResult {
        var notes = total.notes
        if meter.changedValues > 0 {
            notes.append("\(meter.changedValues) values did not fit their columns; _airbyte_meta says which")
        }
        if meter.rejectedRows > 0 { notes += source.rejections(of: meter.rejectedRows) }
        notes += plan.changes.map(\.sentence)
        var result = StreamResult(
            name: plan.stream.descriptor.name, namespace: plan.stream.descriptor.namespace, table: "\(plan.table)",
            rowsRead: total.rows + meter.filteredRows + meter.rejectedRows, rowsCommitted: total.committed, bytes: meter.bytes,
            duration: ContinuousClock.now - start, generation: outcome.generation,
            publication: outcome.publication.rawValue, notes: notes)
        result.rowsEmitted = total.rows
        result.rowsRejected = meter.rejectedRows
        result.bytesEmitted = meter.emittedBytes
        result.changes = plan.changes
        result.parts = total.parts
        return result
    }
}

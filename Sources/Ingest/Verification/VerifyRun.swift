import Connectors
import Diagnostics
import Records
import Synchronization

/// One verification of a connection.
struct VerifyRun: Sendable {
    let sync: Sync
    let options: VerifyOptions
    let control: SyncControl

    /// A stream as both sides are asked about it.
    private struct Question: Sendable {
        var request: DigestRequest
        var promise: SyncPromise
        var missingColumns: [String]
        /// No row was there when the last sync ran, so that it promised nothing.
        var isVoid = false
    }

    /// The interrupts of a stream's two sessions.
    private final class Tokens: Sendable {
        private let tokens = Mutex<[Int]>([])
        func add(_ token: Int) { tokens.withLock { $0.append(token) } }
        var all: [Int] { tokens.withLock { $0 } }
    }

    private var session: SessionOptions {
        SessionOptions(applicationName: "leat verify \(sync.definition.name)") { [control] in control.isCancelled }
    }

    /// What has changed in the source does not keep from comparing the rest.
    private var unheld: SyncOptions {
        var options = sync.options
        options.approvesChanges = sync.definition.schemaPolicy == .disableConnection
        return options
    }

    func all() async throws -> Verification {
        let start = ContinuousClock.now
        let (source, destination, planner) = try sync.prepared()
        let plans = try await BlockingThread.run("leat-verify") {
            let reading = try source.openSession(session)
            defer { reading.close() }
            let writing = try destination.openSession(session)
            defer { writing.close() }
            return try planner.plan(reading, writing, options: unheld).streams
        }
        var streams: [StreamVerification] = []
        for plan in try chosen(plans) { streams.append(try await verify(plan, source, destination)) }
        return Verification(streams: streams, duration: ContinuousClock.now - start)
    }

    private func chosen(_ plans: [StreamPlan]) throws -> [StreamPlan] {
        for name in options.streams where !plans.contains(where: { $0.stream.descriptor.answers(to: name) }) {
            let names = plans.map(\.label)
            throw IngestError(
                .stream, "connection '\(sync.definition.name)' has no stream '\(name)'",
                hint: Suggestion.hint(for: name, in: names) ?? "it has \(names.joined(separator: ", "))")
        }
        guard !options.streams.isEmpty else { return plans }
        return plans.filter { plan in options.streams.contains { plan.stream.descriptor.answers(to: $0) } }
    }

    private func verify(
        _ plan: StreamPlan, _ source: any Source, _ destination: any Destination
    ) async throws -> StreamVerification {
        let start = ContinuousClock.now
        var result = StreamVerification(stream: plan.stream.descriptor, table: plan.table, promise: .sameRows)
        let left = DigestSide()
        let right = DigestSide()
        let tokens = Tokens()
        defer { for token in tokens.all { control.remove(token) } }
        compared: do {
            if let question = try await open(right, destination, plan, tokens) {
                result.promise = question.promise
                result.missingColumns = question.missingColumns
                if question.isVoid { break compared }
                try await open(left, source, destination, plan, question, tokens)
                try await StreamVerifier(
                    source: left, destination: right, request: question.request, promise: question.promise,
                    options: options
                ).verify(&result)
            } else {
                result.problem = "no sync has written the stream yet, or not with these settings; run the connection first"
            }
        } catch {
            await left.close()
            await right.close()
            throw error
        }
        await left.close()
        await right.close()
        result.duration = ContinuousClock.now - start
        return result
    }

    private func open(
        _ side: DigestSide, _ source: any Source, _ destination: any Destination, _ plan: StreamPlan, _ question: Question,
        _ tokens: Tokens
    ) async throws {
        let session = session
        try await side.open { () throws -> (any RowDigester, Void) in
            let reading = try source.openSession(session)
            tokens.add(control.add(reading.interrupt))
            try control.check()
            if !StreamReading.isMapped(reading, plan.columns, plan.filter),
                let digester = try reading.digester(question.request)
            {
                return (digester, ())
            }
            // What the source cannot sum up is read once more, into a table that nobody else sees.
            defer { reading.close() }
            let writing = try destination.openSession(session)
            tokens.add(control.add(writing.interrupt))
            try control.check()
            guard let digester = try copied(plan, question, reading, writing) else {
                writing.close()
                throw unsupported("source '\(sync.definition.source.name)'")
            }
            return (digester, ())
        }
    }

    private func copied(
        _ plan: StreamPlan, _ question: Question, _ reading: any SourceSession, _ writing: any DestinationSession
    ) throws -> (any RowDigester)? {
        let snapshot = try reading.beginSnapshot(isShared: false)
        var write = plan.writeRequest(
            sync.definition, syncID: 0, attemptID: "verify_\(UInt32.random(in: 0...UInt32.max))",
            extractedAt: snapshot.takenAt, lockWait: sync.options.lockWait)
        write.hasChanges = StreamReading.sendsChanges(reading, plan.columns, plan.filter)
        return try writing.digester(question.request, copying: write) { append, _ in
            var stream = try StreamReading(reading, plan.readRequest)
            try stream.run(append) { _ in try control.check() }
        }
    }

    /// - Returns: nil where no sync has written the stream.
    private func open(_ side: DigestSide, _ destination: any Destination, _ plan: StreamPlan, _ tokens: Tokens) async throws
        -> Question?
    {
        let session = session
        return try await side.open { () throws -> (any RowDigester, Question?) in
            let writing = try destination.openSession(session)
            tokens.add(control.add(writing.interrupt))
            try control.check()
            // Until the side is closed, no sync moves what is compared.
            try writing.lock(connection: sync.definition.name, wait: sync.options.lockWait) { _ in }
            let write = plan.writeRequest(
                sync.definition, syncID: 0, attemptID: "verify", extractedAt: 0, lockWait: sync.options.lockWait)
            let written = try writing.written(write)
            let question = try written.flatMap { written throws(ConnectorError) in try makeQuestion(plan, written) }
            var request = question?.request ?? DigestRequest(stream: plan.stream, table: plan.table, columns: [], key: [])
            if case .sameRowsOfLastSync(let number) = question?.promise { request.syncID = number }
            guard let digester = try writing.digester(request) else {
                throw unsupported("destination '\(sync.definition.destination.name)'")
            }
            return (digester, question)
        }
    }

    private func unsupported(_ what: String) -> ConnectorError {
        ConnectorError(.unsupported, "the content of \(what) cannot be digested", hint: "verify compares databases")
    }

    /// What the mode promises, given what the last sync left; nil where that does not fit.
    private func makeQuestion(_ plan: StreamPlan, _ written: WrittenStream) throws(ConnectorError) -> Question? {
        let mode = plan.configured.syncMode
        if mode.isIncremental, !sync.definition.source.connector.needsCursorField {
            throw ConnectorError(
                .unsupported,
                "source '\(sync.definition.source.name)' itself says what is new in '\(plan.label)', so there is nothing to hold the table to",
                hint: "verify compares full refreshes of such sources")
        }
        let key = mode == .incrementalAppend ? [] : mode.isDeduplicated ? plan.primaryKey : plan.sourceKey
        // A text that is another each time cannot be compared.
        let columns = plan.columns.filter {
            written.columns.contains($0.name) && $0.field.encryption?.isRepeatable != false
        }
        let missing = plan.columns.map(\.name).filter { !written.columns.contains($0) }
        // Without one of its columns a key tells nothing apart.
        let hasKey = key.allSatisfy { !missing.contains($0) }
        var request = DigestRequest(
            stream: plan.stream, table: plan.table, columns: columns, key: hasKey ? key : [], cursorField: plan.cursorField)
        request.deduplicates = mode.isDeduplicated && hasKey && Set(key) != Set(plan.sourceKey)
        request.filter = plan.filter
        // A refresh that keeps what was there has added every row once more.
        if mode == .incrementalAppend { request.generation = written.generation }
        switch mode {
        case .fullRefreshOverwrite: return Question(request: request, promise: .sameRows, missingColumns: missing)
        case .fullRefreshOverwriteDeduped:
            return Question(request: request, promise: .sameRowPerKey, missingColumns: missing)
        case .fullRefreshAppend:
            return Question(request: request, promise: .sameRowsOfLastSync(written.syncID), missingColumns: missing)
        case .incrementalAppend, .incrementalAppendDeduped:
            guard let field = plan.cursorField?.name, field == written.cursorField else { return nil }
            let cursor = written.cursor ?? ""
            request.cursor = cursor
            let promise: SyncPromise =
                mode.isDeduplicated ? .everyKeyUpTo(field: field, cursor: cursor) : .everyRowUpTo(field: field, cursor: cursor)
            return Question(
                request: request, promise: promise, missingColumns: missing, isVoid: written.cursor == nil)
        }
    }
}

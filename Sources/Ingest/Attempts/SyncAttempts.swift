import Connectors
import Records

/// One sync with all its attempts: streams that have arrived are not moved again.
struct SyncAttempts {
    let sync: Sync
    let sleep: @Sendable (Duration) async throws -> Void
    private var machine: AttemptMachine
    private var arrived: [StreamResult] = []
    private var changes: [SchemaChange] = []
    private var syncID = 0
    private var records: [SyncAttempt] = []

    init(_ sync: Sync, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.sync = sync
        self.sleep = sleep
        machine = AttemptMachine(rule: sync.definition.retries, limits: sync.options.attemptLimits)
    }

    mutating func run(_ hear: @escaping @Sendable (SyncProgress) -> Void) async throws -> SyncResult {
        let start = ContinuousClock.now
        var options = sync.options
        while true {
            let control = SyncControl()
            let begin = ContinuousClock.now
            let before = arrived.count
            let number = records.count + 1
            let report: @Sendable (SyncProgress) -> Void = { news in
                var news = news
                news.attempt = number
                hear(news)
            }
            report(SyncProgress(stream: nil, phase: .planning, message: "attempt \(number) begins"))
            let (error, left) = try await attempt(options, control, report)
            let news = arrived.dropFirst(before)
            var record = SyncAttempt(number: number, duration: ContinuousClock.now - begin)
            record.rowsCommitted = news.reduce(0) { $0 + $1.rowsCommitted }
            record.bytesCommitted = news.reduce(0) { $0 + $1.bytesCommitted }
            record.failure = error.map { SyncAttempt.Failure(type: Self.failureType(of: $0), message: "\($0)") }
            records.append(record)
            guard let error else {
                let rows = arrived.reduce(0) { $0 + $1.rowsCommitted }
                let bytes = arrived.reduce(0) { $0 + $1.bytes }
                report(SyncProgress(stream: nil, phase: .done, rows: rows, bytes: bytes, message: record.sentence))
                arrived = Self.ordered(arrived, by: sync.definition)
                var result = SyncResult(streams: arrived, syncID: syncID, duration: ContinuousClock.now - start, changes: changes)
                result.attempts = records
                return result
            }
            report(SyncProgress(stream: nil, phase: .failed, message: record.sentence))
            let failure = AttemptMachine.Failure(hasMoved: control.hasMoved, isTransient: Self.isTransient(error))
            guard case .retry(let wait) = machine.failed(failure) else { throw error }
            if let left { options.streams = left }
            report(SyncProgress(stream: nil, phase: .waiting, message: "attempt \(number + 1) in \(wait): \(error)"))
            if wait > .zero { try await sleep(wait) }
        }
    }

    /// - Returns: why it failed, and which streams are left then; nil for all.
    private mutating func attempt(
        _ options: SyncOptions, _ control: SyncControl, _ report: @escaping @Sendable (SyncProgress) -> Void
    ) async throws -> ((any Error)?, [String]?) {
        let attempt = Sync(sync.definition, options: options, registry: sync.registry)
        let outcome: SyncRun.Outcome
        do {
            outcome = try await attempt.attempt(control, report)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return (error, nil)
        }
        syncID = outcome.plan.syncID
        changes = outcome.plan.changes
        arrived += outcome.results
        guard !outcome.failures.isEmpty else { return (nil, nil) }
        let all = outcome.plan.streams.count
        let error: any Error =
            all == 1 ? outcome.failures[0].error : IngestError(outcome.failures, of: all, connection: sync.definition.name)
        let done = Set(outcome.results.map { StreamDescriptor(namespace: $0.namespace, name: $0.name) })
        return (error, outcome.plan.streams.map(\.stream.descriptor).filter { !done.contains($0) }.map(\.description))
    }

    private static func ordered(_ results: [StreamResult], by definition: ConnectionDefinition) -> [StreamResult] {
        func place(_ result: StreamResult) -> Int {
            definition.streams.firstIndex {
                $0.name == result.name && ($0.namespace == nil || $0.namespace == result.namespace)
            } ?? definition.streams.count
        }
        return results.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }.map(\.element)
    }

    /// Who has to act. What stands in the definition, and what the source has changed, is the user's.
    static func failureType(of error: any Error) -> ConnectorError.FailureType {
        if let error = error as? ConnectorError { return error.failureType }
        guard let error = error as? IngestError else { return .system }
        let types = error.failures.map { failureType(of: $0.error) }
        return types.isEmpty ? .config : types.first { $0 != .transient } ?? .transient
    }

    /// Of several streams, all must have failed for reasons that may pass.
    static func isTransient(_ error: any Error) -> Bool {
        if let error = error as? ConnectorError { return error.failureType == .transient }
        if let error = error as? IngestError, !error.failures.isEmpty {
            return error.failures.contains { isTransient($0.error) }
        }
        return false
    }
}

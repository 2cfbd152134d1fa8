import Diagnostics
import Documents
import Foundation
import Ingest
import Orchestrate
import Records

/// Does the work of a project's tasks in this process.
struct ProjectTaskExecutor: TaskExecutor {
    /// By the connection's name.
    let connections: [String: ConnectionDefinition]
    /// By the name of the pipeline's dbt task.
    let dbtRuns: [String: DbtRun]
    /// What the user asked of this run's syncs.
    var syncOptions = SyncOptions()

    func execute(
        _ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        switch TaskWork(json: attempt.task.work) {
        case .empty: return .success
        case .sync(let name):
            guard let connection = connections[name] else { throw unknown(attempt.task) }
            return try await sync(connection, report: report)
        case .dbt(let task, let node):
            guard let run = dbtRuns[task] else { throw unknown(attempt.task) }
            return try await run.runNode(node, report: report)
        case .dbtClosing(let task):
            guard let run = dbtRuns[task] else { throw unknown(attempt.task) }
            return try await run.runClosingHooks(report: report)
        case nil: throw unknown(attempt.task)
        }
    }

    private func unknown(_ task: TaskDefinition) -> TaskFailure {
        TaskFailure("the task '\(task.id)' asks for work that this project does not know", isRetryable: false)
    }

    private func sync(
        _ connection: ConnectionDefinition, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        let progress = SyncTotals()
        var options = syncOptions
        options.attemptLimits = AttemptLimits(environment: ProcessInfo.processInfo.environment)
        let result = try await Sync(connection, options: options).run { news in report(.progress(progress.adding(news))) }
        for change in result.changes { report(.log(LogLine(change.sentence))) }
        for stream in result.streams {
            for note in stream.notes { report(.log(LogLine("\(stream.name): \(note)"))) }
        }
        let rows = "\(result.rowsCommitted.grouped) row\(result.rowsCommitted == 1 ? "" : "s")"
        let streams = result.streams.count == 1 ? "" : " in \(result.streams.count) streams"
        return TaskOutcome(
            output: result.json, message: rows + streams + Self.summary(of: result),
            rows: result.rowsCommitted, bytes: result.bytes)
    }

    /// What the source has changed since the last sync, after a semicolon; empty where nothing.
    private static func summary(of result: SyncResult) -> String {
        let ofStreams = result.streams.flatMap { stream in stream.changes.map { "\(stream.name): \($0.sentence)" } }
        let changes = result.changes.map(\.sentence) + ofStreams
        guard !changes.isEmpty else { return "" }
        let more = changes.count > 3 ? "; and \(changes.count - 3) more changes" : ""
        return "; " + changes.prefix(3).joined(separator: "; ") + more
    }
}

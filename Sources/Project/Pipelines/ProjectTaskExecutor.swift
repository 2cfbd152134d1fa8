import Diagnostics
import Documents
import Ingest
import Orchestrate

/// Does the work of a project's tasks in this process.
struct ProjectTaskExecutor: TaskExecutor {
    /// By the connection's name.
    let connections: [String: ConnectionDefinition]
    /// By the name of the pipeline's dbt task.
    let dbtRuns: [String: DbtRun]

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
        let result = try await Sync(connection).run { news in report(.progress(progress.adding(news))) }
        for stream in result.streams {
            for note in stream.notes { report(.log(LogLine("\(stream.name): \(note)"))) }
        }
        let rows = "\(result.rowsCommitted.grouped) row\(result.rowsCommitted == 1 ? "" : "s")"
        let streams = result.streams.count == 1 ? "" : " in \(result.streams.count) streams"
        return TaskOutcome(
            output: Self.output(of: result), message: rows + streams,
            rows: result.rowsCommitted, bytes: result.bytes)
    }

    /// What later tasks may read of a sync.
    private static func output(of result: SyncResult) -> JSON {
        let streams = result.streams.map { stream -> JSON in
            [
                "name": .string(stream.name), "namespace": stream.namespace.map { .string($0) } ?? .null,
                "table": .string(stream.table), "rows_read": .int(stream.rowsRead),
                "rows_committed": .int(stream.rowsCommitted), "bytes": .int(stream.bytes),
                "generation": .int(stream.generation),
            ]
        }
        return ["sync_id": .int(result.syncID), "streams": .array(streams)]
    }
}

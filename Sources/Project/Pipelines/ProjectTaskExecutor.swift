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
    /// What tasks do that leat.yml describes by themselves, by their paths.
    let kinds: [String: TaskEntry.Kind]
    let project: LeatProject
    /// Nil in a pod, which knows of no store.
    let store: (any SchedulingStore)?
    let secrets: SecretSource
    /// All tasks of the pipeline.
    let tasks: Set<TaskID>
    /// What the user asked of this run's syncs.
    var syncOptions = SyncOptions()
    /// Whether the tables of a connection are emptied instead of synced.
    var clears = false
    /// The pods of tasks that run in some.
    var pods: RunPods?

    func beginsAtOnce(_ task: TaskDefinition) -> Bool { pods?.contains(task) != true }

    func attemptWasRecorded(_ attempt: TaskAttempt) { pods?.attemptWasRecorded(attempt) }

    func execute(
        _ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        let report = masking(report)
        if let (executor, order) = try pods?.order(attempt, tasks: tasks) {
            for value in order.secrets.values { secrets.hide(value) }
            return masked(try await executor.execute(attempt, order, report: report))
        }
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
        case .entry(let path):
            guard let kind = kinds[path] else { throw unknown(attempt.task) }
            return try await run(kind, attempt, report)
        case nil: throw unknown(attempt.task)
        }
    }

    private func run(
        _ kind: TaskEntry.Kind, _ attempt: TaskAttempt, _ report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        let globals = TaskGlobals(
            attempt: attempt, pipeline: attempt.run.id.pipeline, variables: project.variables,
            environment: project.environment, secrets: secrets)
        let runner = TaskRunner(
            project: project, attempt: attempt, renderer: TaskRenderer(globals: globals, siblings: tasks), store: store,
            report: report)
        do {
            return masked(try await runner.run(kind))
        } catch {
            var failure = TaskFailure(error)
            failure.message = secrets.masked(failure.message)
            failure.details = failure.details.map { secrets.masked($0) }
            failure.location = failure.location ?? attempt.task.location
            throw failure
        }
    }

    /// Secrets that templates have used do not reach the log, nor what later tasks and people see.
    private func masking(_ report: @escaping @Sendable (TaskReport) -> Void) -> @Sendable (TaskReport) -> Void {
        { [secrets] news in
            guard case .log(var line) = news else { return report(news) }
            line.text = secrets.masked(line.text)
            report(.log(line))
        }
    }

    private func masked(_ outcome: TaskOutcome) -> TaskOutcome {
        var outcome = outcome
        outcome.message = outcome.message.map { secrets.masked($0) }
        if !outcome.output.isNull, !secrets.isEmpty {
            outcome.output = (try? JSON(parsing: secrets.masked(outcome.output.text()))) ?? .string("***")
        }
        return outcome
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
        if clears {
            let cleared = try await Sync(connection, options: options).clear()
            for stream in cleared { report(.log(LogLine("\(stream.stream): \(stream.table) is empty"))) }
            let rows = cleared.reduce(0) { $0 + $1.rows }
            return TaskOutcome(message: "\(rows.grouped) row\(rows == 1 ? "" : "s") cleared", rows: 0)
        }
        let log = SyncLog()
        let result = try await Sync(connection, options: options).run { news in
            report(.progress(progress.adding(news)))
            for line in log.lines(of: news) { report(.log(line)) }
        }
        for line in log.lines(of: result) { report(.log(line)) }
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

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
    let store: (any ProjectStoring)?
    let pipeline: PipelineDefinition
    /// All tasks of the pipeline.
    let tasks: Set<TaskID>
    /// What the user asked of this run's syncs.
    var syncOptions = SyncOptions()
    /// Whether the tables of a connection are emptied instead of synced.
    var clears = false
    /// The pods of tasks that run in some.
    var pods: RunPods?
    let containers = ProjectContainers()
    /// In a pod, what the scheduler has given it in the place of a store.
    var handover: PodHandover?

    func beginsAtOnce(_ task: TaskDefinition) -> Bool { pods?.contains(task) != true }

    func attemptWasRecorded(_ attempt: TaskAttempt) {
        pods?.attemptWasRecorded(attempt)
        containers.attemptWasRecorded(attempt)
    }

    private var hidden: HiddenTexts { project.values.hidden }

    /// Does the work; nothing that is hidden gets out, whether as log, progress, output or error.
    func execute(
        _ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        do {
            var outcome = masked(try await work(attempt) { [hidden] news in report(Self.masked(news, hidden)) })
            let size = outcome.output.isNull ? 0 : outcome.output.text().utf8.count
            if size > TaskOutcome.maximumOutput {
                outcome.output = .null
                report(.log(TaskOutcome.outputWarning(size: size)))
            }
            return outcome
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            var failure = TaskFailure(error)
            failure.message = hidden.masked(failure.message)
            failure.details = failure.details.map { hidden.masked($0) }
            failure.hint = failure.hint.map { hidden.masked($0) }
            failure.output = hidden.masked(failure.output)
            if case .entry = TaskWork(json: attempt.task.work) { failure.location = failure.location ?? attempt.task.location }
            throw failure
        }
    }

    private func work(
        _ attempt: TaskAttempt, _ report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        if let pods, let store, pods.contains(attempt.task) {
            var kind: TaskEntry.Kind?
            if case .entry(let path) = TaskWork(json: attempt.task.work) { kind = kinds[path] }
            let handed = try await PodHandover.json(for: attempt, kind, of: project, store: store)
            let (executor, order) = try pods.order(attempt, tasks: tasks, handed: handed)
            for value in order.secrets.values { hidden.hide(value) }
            hidden.hide(handed["values"]?["secrets"] ?? .null)
            return try await executor.execute(attempt, order, report: report)
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
            let renderer = TaskRenderer(globals: try await globals(of: attempt, kind), siblings: tasks)
            if case .container(let task) = kind {
                return try await containers.execute(task, attempt, of: project, renderer, report: report)
            }
            let runner = TaskRunner(
                project: project, attempt: attempt, renderer: renderer, store: store, report: report)
            return try await runner.run(kind)
        case nil: throw unknown(attempt.task)
        }
    }

    /// What the templates of an attempt see. The store is asked now, since they cannot wait for it; in a pod there is none.
    private func globals(of attempt: TaskAttempt, _ kind: TaskEntry.Kind) async throws -> TaskGlobals {
        // A file of SQL may ask for anything.
        let texts = kind.templates.map { $0.0.text }
        let isOpen = if case .sql(let task) = kind { task.file != nil } else { false }
        let values = if let store { try await project.values(for: isOpen ? nil : texts, store) } else { project.values }
        var globals = TaskGlobals(attempt: attempt, pipeline: pipeline, values: values)
        guard let store else {
            globals.previousSuccess = handover?.previousSuccess
            globals.dataEvents = handover?.dataEvents ?? []
            return globals
        }
        if isOpen || texts.contains(where: { $0.contains("prev_") }), let date = attempt.run.logicalDate {
            globals.previousSuccess = try await store.lastRun(of: pipeline.id, before: date, states: [.success])
        }
        if isOpen || texts.contains(where: { $0.contains("triggering_") }) {
            globals.dataEvents = try await store.dataEvents(of: attempt.run.id)
        }
        return globals
    }

    private static func masked(_ news: TaskReport, _ hidden: HiddenTexts) -> TaskReport {
        switch news {
        case .log(var line):
            line.text = hidden.masked(line.text)
            return .log(line)
        case .progress(var progress):
            progress.message = progress.message.map { hidden.masked($0) }
            return .progress(progress)
        case .began, .process: return news
        }
    }

    private func masked(_ outcome: TaskOutcome) -> TaskOutcome {
        var outcome = outcome
        outcome.message = outcome.message.map { hidden.masked($0) }
        if !outcome.output.isNull, !hidden.isEmpty { outcome.output = hidden.masked(outcome.output) }
        if case .only(let names) = outcome.continuation {
            // What is no name of the pipeline's is told to people.
            let groups = Set(pipeline.groups.map(\.id.rawValue))
            outcome.continuation = .only(
                names.map { tasks.contains($0) || groups.contains($0.rawValue) ? $0 : TaskID(hidden.masked($0.rawValue)) })
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
            rows: result.rowsCommitted, bytes: result.bytes, updates: Self.updates(of: result, by: connection.name))
    }

    /// What has landed: the connection, and each table that has new rows.
    private static func updates(of result: SyncResult, by connection: String) -> [DataUpdate] {
        guard result.rowsCommitted > 0 else { return [] }
        let tables = result.streams.filter { $0.rowsCommitted > 0 }.map { stream in
            DataUpdate(DataReference(.table, stream.table), details: ["rows": .int(stream.rowsCommitted)])
        }
        return [DataUpdate(DataReference(.connection, connection), details: ["rows": .int(result.rowsCommitted)])] + tables
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

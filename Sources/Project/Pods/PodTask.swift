import Documents
import Foundation
import Ingest
package import Orchestrate

/// The other side of a pod: does the work of one attempt, without the metadata store, and tells of it.
package struct PodTask: Sendable {
    private let spec: PodTaskSpec
    private let handover: PodHandover
    private let project: LeatProject

    /// Reads the project of a folder.
    /// - Throws: `ProjectError` or `DocumentError` with a place; `TaskFailure` where the scheduler has another version.
    package init(_ spec: PodTaskSpec, of folder: String, environment: [String: String]) throws {
        self.spec = spec
        handover = try PodHandover(json: spec.handed)
        project = try LeatProject.load(from: folder, environment: environment, handed: handover)
    }

    /// Does the work. Reads no more of the project than it needs: of its dbt projects only the task's own.
    package func run(report: @escaping @Sendable (TaskReport) -> Void) async -> PodResult {
        var dbtRun: DbtRun?
        let result: Result<TaskOutcome, TaskFailure>
        do {
            result = .success(try await run(&dbtRun, report: report))
        } catch is CancellationError {
            result = .failure(TaskFailure("the task was ended from outside", code: "task.cancelled"))
        } catch {
            result = .failure(TaskFailure(error))
        }
        await dbtRun?.finish()
        return PodResult(result)
    }

    private func run(
        _ dbtRun: inout DbtRun?, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        var connections: [String: ConnectionDefinition] = [:]
        var dbtRuns: [String: DbtRun] = [:]
        var kinds: [String: TaskEntry.Kind] = [:]
        switch TaskWork(json: spec.work) {
        case .sync(let name): connections[name] = try project.definition(of: try project.connection(name))
        case .dbt(let path, _), .dbtClosing(let path):
            guard case .dbt(let task) = try entry(path).kind else { throw unknown }
            let run = try await DbtRun.prepare(task, in: project)
            dbtRun = run
            dbtRuns[path] = run
        case .entry(let path): kinds[path] = try entry(path).kind
        case .empty, nil: break
        }
        if case .dbtClosing = TaskWork(json: spec.work), let dbtRun {
            return try await dbtRun.runClosingHooksAlone(report: report)
        }
        project.values.hidden.note(environment: project.environment)
        for name in handover.hiddenVariables { project.environment[name].map(project.values.hidden.hide) }
        let executor = ProjectTaskExecutor(
            connections: connections, dbtRuns: dbtRuns, kinds: kinds, project: project, store: nil,
            pipeline: try PipelineBuilder(entry: try pipeline, dbtGraphs: [:]).pipeline(),
            tasks: Set(spec.outputs.keys).union([spec.task]), handover: handover)
        return try await executor.execute(spec.attempt, report: report)
    }

    private var pipeline: PipelineEntry {
        get throws { try project.pipeline(spec.run.id.pipeline.rawValue) }
    }

    private func entry(_ path: String) throws -> TaskEntry {
        guard let entry = try pipeline.allTasks.first(where: { $0.path == path }) else { throw unknown }
        return entry.task
    }

    private var unknown: TaskFailure {
        TaskFailure(
            "the project in the image does not know the task '\(spec.task)'", code: "kubernetes.bad_spec",
            hint: "the image holds another version of the project: build and push it again", isRetryable: false)
    }
}

package import Diagnostics
import Documents
import Foundation
package import Ingest
package import Orchestrate
import Transform

/// One run of a pipeline or of a connection, in this process.
///
/// ```swift
/// let run = try await PipelineRun.prepare(pipeline: "transformations", of: project)
/// let result = try await run.start { event in print(event) }
/// ```
package struct PipelineRun: Sendable {
    /// What runs: the pipeline with every dbt node a task.
    package let pipeline: PipelineDefinition
    private let project: LeatProject
    private let connections: [String: ConnectionDefinition]
    private let dbtRuns: [String: DbtRun]
    /// What the tasks of leat.yml do, by their paths.
    private let kinds: [String: TaskEntry.Kind]
    /// What the user asked of this run's syncs.
    private var syncOptions = SyncOptions()
    /// Whether the connection's tables are emptied instead of synced.
    private var clears = false
    /// The pods of tasks that run in some.
    private var pods: RunPods?
    /// The cluster of the process, where this run is the only one.
    private let ownPods: ProjectPods?

    /// Checks the pipeline called `name` and reads its dbt projects. Connects to nothing.
    /// - Parameter shared: the cluster of a scheduler; nil for one of the run's own.
    /// - Throws: an error with the place in leat.yml or in the dbt project.
    package static func prepare(
        pipeline name: String, of project: LeatProject, pods shared: ProjectPods? = nil
    ) async throws -> PipelineRun {
        let entry = try project.pipeline(name)
        var connections: [String: ConnectionDefinition] = [:]
        var dbtRuns: [String: DbtRun] = [:]
        var kinds: [String: TaskEntry.Kind] = [:]
        for (path, task) in entry.allTasks {
            kinds[path] = task.kind
            switch task.kind {
            case .sync(let connection, let location):
                connections[connection] = try project.definition(of: try project.connection(connection, at: location))
            case .dbt(let dbt): dbtRuns[path] = try await DbtRun.prepare(dbt, in: project)
            default: break
            }
        }
        let cluster = shared ?? ProjectPods()
        let pods = try RunPods(entry, of: project, cluster)
        let builder = PipelineBuilder(entry: entry, dbtGraphs: dbtRuns.mapValues(\.graph))
        return PipelineRun(
            pipeline: try builder.pipeline(), project: project, connections: connections, dbtRuns: dbtRuns,
            kinds: kinds, pods: pods, ownPods: shared == nil ? cluster : nil)
    }

    /// A run of the connection called `name`, as a pipeline with one task.
    package static func prepare(
        connection name: String, of project: LeatProject, options: SyncOptions = SyncOptions()
    ) async throws -> PipelineRun {
        let entry = try project.connection(name)
        return PipelineRun(
            pipeline: PipelineDefinition(sync: entry), project: project, connections: [name: try project.definition(of: entry)],
            dbtRuns: [:], kinds: [:], syncOptions: options, ownPods: nil)
    }

    /// A run of the connection called `name` that does what its parameters say.
    static func prepare(connection name: String, of project: LeatProject, parameters: JSON) async throws -> PipelineRun {
        let action = SyncAction(parameters: parameters)
        var options = SyncOptions()
        options.refresh = action.refreshes
        options.streams = parameters["streams"]?.array?.compactMap(\.string) ?? []
        var run = try await prepare(connection: name, of: project, options: options)
        run.clears = action == .clear
        return run
    }

    /// The same for a scheduler.
    func prepared(_ store: any ProjectStoring) throws -> PreparedRun {
        let dbtRuns = dbtRuns
        try pods?.connect(store)
        let executor = executor(store)
        return PreparedRun(
            graph: try TaskGraph(pipeline), executor: executor,
            finish: {
                for run in dbtRuns.values { await run.finish() }
                await executor.containers.close()
            })
    }

    private func executor(_ store: any ProjectStoring) -> ProjectTaskExecutor {
        project.values.hidden.note(environment: project.environment)
        return ProjectTaskExecutor(
            connections: connections, dbtRuns: dbtRuns, kinds: kinds, project: project, store: store, pipeline: pipeline,
            tasks: Set(pipeline.tasks.map(\.id)), syncOptions: syncOptions, clears: clears, pods: pods)
    }

    /// Runs it to its end, and records it in the project's store.
    ///
    /// Cancelling the Swift task ends the run, within a second, as `cancelled`.
    /// - Parameters:
    ///   - request: parameters, a note and the like.
    ///   - problem: hears what does not work beside the run, such as telling people of it.
    ///   - events: hears what happens, one event at a time.
    /// - Throws: `OrchestrateError` where the run cannot be recorded, or the pipeline has all the runs that it may have.
    package func start(
        request: RunRequest = RunRequest(), problem: @escaping @Sendable (any UserFacingError) -> Void = { _ in },
        events: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> RunResult {
        let store = try ProjectStore.open(project)
        try await store.note(AuditEntry(author: .user, action: "run", pipeline: pipeline.id))
        let observers = ProjectObservers.all(of: { [project] in project }, store: store, problem: problem)
        let executor = executor(store)
        let runner = PipelineRunner(
            store: store, executor: executor, logDirectory: ProjectStore.logs(of: project),
            slots: SlotBroker(pools: project.pools), observers: observers)
        let result: Result<RunResult, any Error>
        do {
            try pods?.connect(store)
            result = .success(try await runner.run(pipeline, request: request, hearsCommands: true, events: events))
        } catch {
            result = .failure(error)
        }
        for run in dbtRuns.values { await run.finish() }
        await executor.containers.close()
        await ownPods?.close()
        for observer in observers { await observer.drain() }
        return try result.get()
    }
}

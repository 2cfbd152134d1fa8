import Diagnostics
package import Documents
import Foundation
package import Orchestrate
import Synchronization

/// The pipelines of a project for its scheduler: those of leat.yml, and each connection as a pipeline of its own. The project is read
/// again when its file or its definitions have changed.
package actor ProjectPipelines: PipelineProvider {
    private var project: LeatProject {
        didSet { shared.withLock { [project] in $0 = project } }
    }
    /// The same for those who cannot wait for it.
    private nonisolated let shared: Mutex<LeatProject>
    private let store: any ProjectStoring
    private let slots: SlotBroker
    private let read: @Sendable () throws -> LeatProject
    private var stamp: ProjectStamp
    private var isNew = true
    private let pods = ProjectPods()

    /// - Parameter read: reads the project's file.
    package init(
        _ project: LeatProject, store: any ProjectStoring, slots: SlotBroker, read: @escaping @Sendable () throws -> LeatProject
    ) {
        self.project = project
        shared = Mutex(project)
        self.store = store
        self.slots = slots
        self.read = read
        stamp = ProjectStamp(of: project)
    }

    /// The project as it is at the moment.
    nonisolated var current: LeatProject { shared.withLock { $0 } }

    package func pipelines() async throws -> [ScheduledPipeline]? {
        let current = ProjectStamp(of: project)
        if current != stamp {
            // What is wrong is said once for each change.
            stamp = current
            let changed = try read()
            _ = try Self.outlines(changed)
            take(changed, current)
        }
        guard isNew else { return nil }
        isNew = false
        return try Self.outlines(project)
    }

    private func take(_ changed: LeatProject, _ stamp: ProjectStamp) {
        self.stamp = stamp
        project = changed
        slots.setPools(changed.pools)
        isNew = true
    }

    package func prepare(_ pipeline: PipelineID, for request: RunRequest) async throws -> PreparedRun {
        // Who changes a connection and syncs it at once means the one that was changed.
        let current = ProjectStamp(of: project)
        if current != stamp, let changed = try? read(), (try? Self.outlines(changed)) != nil { take(changed, current) }
        let project = project
        return try await PipelineRun.prepare(id: pipeline, of: project, parameters: request.parameters, pods: pods).prepared(
            store)
    }

    /// Watches the pods of tasks from now on; those that nobody sees to any more are cleared away.
    func lookAfterPods() async { await pods.lookAfterPods(of: project, store) }

    /// Closes what runs have shared. No run may be under way.
    package func close() async { await pods.close() }

    /// The pipelines without any tasks: a scheduler needs none of them until it prepares a run, and there may be very many. What is
    /// wrong with them is found all the same.
    private static func outlines(_ project: LeatProject) throws -> [ScheduledPipeline] {
        try project.pipelines.map { entry in
            var pipeline = try scheduled(entry)
            pipeline.definition.tasks = []
            return pipeline
        } + project.connections.map { ScheduledPipeline(PipelineDefinition(sync: $0)) }
    }

    /// All pipelines of a project, without the tasks that only dbt projects know; those of single connections last.
    package static func scheduled(_ project: LeatProject) throws -> [ScheduledPipeline] {
        try project.pipelines.map { try scheduled($0) }
            + project.connections.map { ScheduledPipeline(PipelineDefinition(sync: $0)) }
    }

    private static func scheduled(_ entry: PipelineEntry) throws -> ScheduledPipeline {
        ScheduledPipeline(try PipelineBuilder(entry: entry, dbtGraphs: [:]).pipeline(), startsPaused: entry.startsPaused)
    }
}

/// What tells one content of a file from another without reading it.
struct FileStamp: Equatable {
    let modified: Date
    let size: Int

    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let modified = attributes[.modificationDate] as? Date, let size = attributes[.size] as? Int
        else { return nil }
        self.modified = modified
        self.size = size
    }
}

/// What tells one state of a project from another without reading it: its files, and what was defined while Leat runs.
struct ProjectStamp: Equatable {
    private let file: FileStamp?
    private let pipelines: [String: FileStamp]
    private let definitions: UInt32?

    init(of project: LeatProject) {
        file = FileStamp(project.directory + "/" + LeatProject.fileName)
        var pipelines: [String: FileStamp] = [:]
        for path in PipelineFiles.paths(in: project.directory) { pipelines[path] = FileStamp(project.directory + "/" + path) }
        self.pipelines = pipelines
        definitions = DefinitionStore.stamp(project.definitionPath)
    }
}

extension PipelineRun {
    /// A run of a pipeline or, by `sync.NAME`, of a connection.
    /// - Parameters:
    ///   - parameters: what the run of a connection is to do; see ``SyncAction``.
    ///   - pods: the cluster of a scheduler.
    package static func prepare(
        id: PipelineID, of project: LeatProject, parameters: JSON = .null, pods: ProjectPods? = nil
    ) async throws -> PipelineRun {
        if !project.pipelines.contains(where: { $0.name == id.rawValue }), id.rawValue.hasPrefix(PipelineDefinition.syncPrefix) {
            return try await prepare(
                connection: String(id.rawValue.dropFirst(PipelineDefinition.syncPrefix.count)), of: project,
                parameters: parameters)
        }
        return try await prepare(pipeline: id.rawValue, of: project, pods: pods)
    }
}

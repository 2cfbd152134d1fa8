import Foundation
package import Orchestrate

/// The pipelines and runs of a project, to look at and to steer, whether a scheduler runs or not.
package struct ProjectControl: Sendable {
    package let project: LeatProject
    package let store: SQLiteStore
    package let control: RunControl

    /// - Parameter author: who asks, for the audit log.
    package init(_ project: LeatProject, author: Author = .user) throws {
        self.project = project
        store = try ProjectStore.open(project)
        control = RunControl(store: store, author: author)
    }

    /// All pipelines, those of single connections last, without the tasks that only dbt projects know.
    package func pipelines() throws -> [ScheduledPipeline] { try ProjectPipelines.scheduled(project) }

    /// A pipeline without the tasks that only dbt projects know.
    /// - Throws: `ProjectError` with a suggestion where there is none.
    package func pipeline(_ name: String) throws -> ScheduledPipeline {
        let all = try pipelines()
        if let found = all.first(where: { $0.definition.id.rawValue == name }) { return found }
        throw ProjectError.unknown("pipeline", name, among: all.map(\.definition.id.rawValue))
    }

    /// A pipeline whole: its dbt projects are read.
    package func graph(of pipeline: PipelineID) async throws -> TaskGraph {
        try TaskGraph(try await PipelineRun.prepare(id: pipeline, of: project).pipeline)
    }

    /// The run that somebody means by `PIPELINE/RUN`, or by `PIPELINE` for its latest one.
    /// - Throws: an error with a suggestion where there is none.
    package func run(_ reference: String) async throws -> RunRecord {
        let (id, name) = try parts(of: reference)
        let newest = try await store.runs(of: id, limit: 1000)
        guard let name else {
            if let latest = newest.first { return latest }
            throw ProjectError(
                .nothingToDo, "pipeline '\(id)' has no runs", hint: "`leat trigger \(id)` asks for one")
        }
        if let exact = try await store.run(RunID(pipeline: id, name: name)) { return exact }
        // Part of a name will do where it is clear.
        let matching = newest.filter { $0.id.name.contains(name) }
        if matching.count == 1 { return matching[0] }
        guard matching.isEmpty else {
            throw ProjectError(
                .ambiguous, "several runs of '\(id)' have '\(name)' in their names",
                hint: "such as \(matching.prefix(3).map(\.id.name).joined(separator: ", "))")
        }
        throw OrchestrateError.unknown(RunID(pipeline: id, name: name), among: newest.map(\.id.name))
    }

    /// The pipeline and the run's name in `PIPELINE/RUN`. Names of pipelines may have a slash themselves.
    private func parts(of reference: String) throws -> (PipelineID, String?) {
        let names = try pipelines().map(\.definition.id.rawValue)
        let meant = names.filter { reference == $0 || reference.hasPrefix($0 + "/") }.max { $0.utf8.count < $1.utf8.count }
        guard let meant else {
            let first = reference.split(separator: "/", maxSplits: 1).first.map(String.init) ?? reference
            throw ProjectError.unknown("pipeline", first, among: names)
        }
        let name = reference.dropFirst(meant.count + 1)
        return (PipelineID(meant), name.isEmpty ? nil : String(name))
    }

    /// When a pipeline runs next by itself: the moment that its next interval ends.
    package func nextRun(of pipeline: ScheduledPipeline, last: DataInterval?, at now: Timestamp) -> Timestamp? {
        let definition = pipeline.definition
        return definition.schedule.nextInterval(
            after: last, start: definition.startDate, end: definition.endDate, catchup: definition.catchup, now: now)?.end
    }
}

extension Author {
    /// Who this process runs for.
    package static var user: Author {
        let name = NSUserName()
        return Author(name.isEmpty ? "uid \(getuid())" : name)
    }
}

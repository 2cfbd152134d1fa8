import Orchestrate
import Project

/// The graphs of the project's pipelines, as they stand in its files now.
///
/// Reading one may take a second where it holds a large dbt project, so a graph is kept for some time, and who asks while it is
/// read waits for the same reading.
actor PipelineShelf {
    private struct Reading {
        let task: Task<PipelineDefinition, any Error>
        let startedAt: Timestamp
    }

    private let current: CurrentProject
    private let clock: any RunClock
    private var readings: [String: Reading] = [:]
    private static let lifetime = Duration.seconds(30)

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        self.clock = clock
    }

    /// - Throws: what is wrong with the pipeline's entry or its dbt project.
    func definition(of name: String) async throws -> PipelineDefinition {
        let now = clock.now()
        if let reading = readings[name], now - reading.startedAt < Self.lifetime { return try await reading.task.value }
        let project = current.project
        let task = Task { try await PipelineRun.prepare(id: PipelineID(name), of: project).pipeline }
        readings[name] = Reading(task: task, startedAt: now)
        return try await task.value
    }
}

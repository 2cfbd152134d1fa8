import Orchestrate
import Project

/// The graphs of the project's pipelines, as they stand in its files now. Reading one may take a second where it holds a large
/// dbt project, so a graph is kept for some time.
struct PipelineShelf: Sendable {
    private let current: CurrentProject
    private let shelf: Shelf<String, PipelineDefinition>

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        shelf = Shelf(clock: clock)
    }

    /// - Throws: what is wrong with the pipeline's entry or its dbt project.
    func definition(of name: String) async throws -> PipelineDefinition {
        let project = current.project
        return try await shelf.value(name) { try await PipelineRun.prepare(id: PipelineID(name), of: project).pipeline }
    }
}

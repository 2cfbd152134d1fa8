import Orchestrate
import Project

/// The project's lineage as its files say now, kept for some time.
struct LineageShelf: Sendable {
    private let current: CurrentProject
    private let shelf: Shelf<Int, ProjectLineage>

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        shelf = Shelf(clock: clock)
    }

    /// - Throws: what is wrong with a dbt project.
    func lineage() async throws -> ProjectLineage {
        let project = current.project
        return try await shelf.value(0) { try await ProjectLineage.read(project) }
    }
}

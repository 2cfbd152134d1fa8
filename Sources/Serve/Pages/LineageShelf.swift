import Orchestrate
import Project

/// The project's lineage as its files say now, kept for some time; who asks while it is read waits for the same reading.
actor LineageShelf {
    private let current: CurrentProject
    private let clock: any RunClock
    private var reading: (task: Task<ProjectLineage, any Error>, startedAt: Timestamp)?
    private static let lifetime = Duration.seconds(30)

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        self.clock = clock
    }

    /// - Throws: what is wrong with a dbt project.
    func lineage() async throws -> ProjectLineage {
        let now = clock.now()
        if let reading, now - reading.startedAt < Self.lifetime { return try await reading.task.value }
        let project = current.project
        let task = Task { try await ProjectLineage.read(project) }
        reading = (task, now)
        return try await task.value
    }
}

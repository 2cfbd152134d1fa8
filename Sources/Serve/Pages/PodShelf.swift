import Orchestrate
import Project

/// The pods of the project's tasks, kept for some seconds, so that many who look at them ask the cluster once.
struct PodShelf: Sendable {
    private let current: CurrentProject
    private let shelf: Shelf<Int, [PodListing]?>

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        shelf = Shelf(clock: clock, lifetime: .seconds(5))
    }

    /// By namespace; nil where the project says nothing of a cluster.
    /// - Throws: why the cluster does not answer.
    func listings() async throws -> [PodListing]? {
        let project = current.project
        return try await shelf.value(0) { try await PodListing.all(of: project) }
    }
}

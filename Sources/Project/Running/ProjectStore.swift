import Foundation
package import Orchestrate

/// Where a project keeps the records of its runs.
package enum ProjectStore {
    /// The store of the project, made where there is none.
    package static func open(_ project: LeatProject) throws -> SQLiteStore {
        let folder = project.directory + "/.leat"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ProjectError(
                .unreadable, "the folder \(folder) cannot be made", hint: "Leat keeps its records there: check the rights")
        }
        return try SQLiteStore(path: path(of: project))
    }

    /// The file of the store.
    package static func path(of project: LeatProject) -> String { project.directory + "/.leat/leat.db" }

    /// The file of the users who may log in to the project's server.
    package static func accessPath(of project: LeatProject) -> String { project.directory + "/.leat/access.db" }

    /// The folder of the logs of attempts.
    package static func logs(of project: LeatProject) -> String { project.directory + "/.leat/logs" }
}

/// All that a project asks of the store of its records.
package typealias ProjectStoring = DataEventStore & SchedulingStore & ValueStore

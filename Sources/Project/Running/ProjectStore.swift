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

    /// Tells these records from others of the same project, on other machines; made where there is no such name yet.
    /// - Throws: `ProjectError` where it cannot be written.
    static func name(of project: LeatProject) throws -> String {
        let path = project.directory + "/.leat/store.name"
        if let name = try? String(contentsOfFile: path, encoding: .utf8), !name.isEmpty { return name }
        let temporary = path + "." + UUID().text
        defer { unlink(temporary) }
        do {
            try String(UUID().text.prefix(13)).write(toFile: temporary, atomically: false, encoding: .utf8)
            // A link and not a rename: where another process was first, its name stays.
            if link(temporary, path) != 0, errno != EEXIST { throw CocoaError(.fileWriteUnknown) }
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ProjectError(.unreadable, "the file \(path) cannot be written", hint: "check who owns the folder")
        }
    }

    /// The folder of the logs of attempts.
    package static func logs(of project: LeatProject) -> String { project.directory + "/.leat/logs" }
}

/// All that a project asks of the store of its records.
package typealias ProjectStoring = DataEventStore & SchedulingStore & ValueStore

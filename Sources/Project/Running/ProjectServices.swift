import Foundation
import Services

/// The local databases of a project.
package struct ProjectServices: Sendable {
    private let services: [PostgresService]
    private let entries: [ServiceEntry]

    /// - Throws: `ProjectError` where leat.yml names no services, or one that cannot be.
    package init(_ project: LeatProject) throws {
        guard !project.services.isEmpty else {
            throw ProjectError(
                .nothingToDo, "\(LeatProject.fileName) names no services",
                hint: "add them under 'services:', or use the servers that exist already: there is nothing to start")
        }
        entries = project.services
        services = entries.map { PostgresService($0, in: project) }
        for (service, entry) in zip(services, entries) {
            guard let invalid = service.invalidSetting() else { continue }
            throw ProjectError(
                .badValue, invalid.error.message, location: entry.location(of: invalid.setting.rawValue),
                hint: invalid.error.hint)
        }
    }

    /// Starts all services side by side, and runs their init scripts where these are new or changed.
    /// - Parameter progress: hears one line for each step.
    /// - Throws: `ProjectError` where leat.yml names a script that is not there, or `ServicesError`. Services are up all the
    ///   same where only a script failed that had run before.
    package func up(progress: @escaping @Sendable (String) -> Void) async throws {
        for (service, entry) in zip(services, entries) {
            guard let script = service.unreadableScript() else { continue }
            throw ProjectError(
                .unknownReference, script.error.message, location: entry.location(ofScript: script.index),
                hint: script.error.hint)
        }
        let width = services.map(\.name.count).max() ?? 0
        let states = try await PostgresService.up(
            services,
            progress: { event in
                let padding = String(repeating: " ", count: width - event.service.count)
                if event.step != .ready { progress("\(event.service)\(padding)  \(event)") }
            })
        for state in states {
            let padding = String(repeating: " ", count: width - state.name.count)
            let what = state.wasRunning ? "is running already" : "runs"
            let data = state.scriptFailure == nil ? "" : ", with the data from before"
            progress("\(state.name)\(padding)  \(what): PostgreSQL \(state.version) on localhost:\(state.port)\(data)")
        }
        let failures = states.compactMap(\.scriptFailure)
        guard var failure = failures.first else { return }
        for other in failures.dropFirst() {
            failure.details.append("also: \(other.location.map { "\($0): " } ?? "")\(other.message)")
        }
        throw failure
    }

    /// Stops all services that run.
    /// - Parameter progress: hears one line for each service.
    package func down(progress: @Sendable (String) -> Void) async throws {
        var failure: (any Error)?
        for service in services {
            do {
                progress("\(service.name)  \(try await service.down() ? "stopped" : "was not running")")
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    package static let statusColumns = ["service", "state", "port", "pid", "version", "data"]

    /// A row for each service, in the order of ``statusColumns``.
    package func status() async throws -> [[String?]] {
        var rows: [[String?]] = []
        for service in services {
            let status = try await service.status()
            rows.append([
                status.name, status.state.rawValue, String(status.port), status.processID.map(String.init), status.version,
                status.dataDirectory,
            ])
        }
        return rows
    }
}

extension PostgresService {
    /// The service that an entry of leat.yml describes.
    init(_ entry: ServiceEntry, in project: LeatProject) {
        self.init(
            name: entry.name, project: project.directory, port: entry.port, database: entry.database, user: entry.user,
            password: entry.password, initScripts: entry.initScripts, settings: entry.settings,
            portSetting: "services.\(entry.name).postgres.port at \(entry.location(of: "port"))")
    }
}

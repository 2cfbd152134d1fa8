package import Postgres

/// A private PostgreSQL server of a project, for development.
///
/// ```swift
/// let service = PostgresService(
///     name: "warehouse", project: "/home/ada/shop", port: 5470, database: "warehouse", user: "warehouse",
///     password: "warehouse", initScripts: ["scripts/warehouse.sql"])
/// let state = try await service.up { print($0.service, $0) }
/// let connection = try await Connection.connect(service.connectionOptions)
/// ```
/// The server outlives the process that started it. Its data lies in PROJECT/.leat/services/NAME (see `ServiceFolder` for where
/// it lies if a server of root cannot reach that). It listens on localhost only.
package struct PostgresService: Sendable {
    package var name: String
    /// The project's folder; init scripts and the files that they copy are found from there.
    package var project: String
    package var port: Int
    package var database: String
    /// A superuser of the cluster, which has nobody else.
    package var user: String
    package var password: String
    /// SQL files that run when the service is new, and again when they or the files that they copy have changed.
    package var initScripts: [String]
    /// Settings of the server that win over leat's, such as `shared_buffers`.
    package var settings: [String: String]
    /// How the user finds the port's setting, for messages.
    package var portSetting: String

    package init(
        name: String, project: String, port: Int, database: String, user: String, password: String, initScripts: [String] = [],
        settings: [String: String] = [:], portSetting: String? = nil
    ) {
        self.name = name
        self.project = project
        self.port = port
        self.database = database
        self.user = user
        self.password = password
        self.initScripts = initScripts
        self.settings = settings
        self.portSetting = portSetting ?? "services.\(name).postgres.port in leat.yml"
    }

    /// How any client connects: localhost, the port, the user and the password.
    package var connectionOptions: ConnectionOptions {
        ConnectionOptions(host: "localhost", port: port, database: database, user: user, password: password)
    }

    /// Starts several services side by side. If one fails, or the task is cancelled, those that were started are stopped again.
    ///
    /// All stay up where only an init script failed that had run before: see ``ServiceState/scriptFailure``, which the caller
    /// has to look at.
    /// - Throws: the first failure, or `CancellationError`.
    package static func up(
        _ services: [PostgresService], progress: @escaping @Sendable (ServiceEvent) -> Void = { _ in }
    ) async throws -> [ServiceState] {
        for service in services { try service.requireUsable() }
        var started: [String: ServiceState] = [:]
        do {
            try await withThrowingTaskGroup(of: ServiceState.self) { group in
                for service in services { group.addTask { try await service.bringUp(progress) } }
                // Every child is heard, so that none that started after the first failure is forgotten.
                var failure: (any Error)?
                while let result = await group.nextResult() {
                    switch result {
                    case .success(let state): started[state.name] = state
                    case .failure(let error):
                        if failure == nil || failure is CancellationError { failure = error }
                        group.cancelAll()
                    }
                }
                if let failure { throw failure }
                try Task.checkCancellation()
            }
        } catch {
            for service in services where started[service.name]?.wasRunning == false {
                try? await ServerProcess.find(data: service.folder().data)?.stop()
            }
            throw error
        }
        return services.compactMap { started[$0.name] }
    }

    func folder() throws(ServicesError) -> ServiceFolder { try ServiceFolder.find(project: project, name: name) }
}

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
    /// - Throws: the first failure, or `CancellationError`.
    package static func up(
        _ services: [PostgresService], progress: @escaping @Sendable (ServiceEvent) -> Void = { _ in }
    ) async throws -> [ServiceState] {
        var started: [String: ServiceState] = [:]
        do {
            try await withThrowingTaskGroup(of: ServiceState.self) { group in
                for service in services { group.addTask { try await service.up(progress: progress) } }
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

    /// - Throws: ``ServicesError`` with code `services.invalid`.
    func validate() throws(ServicesError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("-"), name.utf8.count <= 60 else {
            throw ServicesError(
                .invalid, "'\(name)' cannot be the name of a service", hint: "use letters, digits, '_' and '-', at most 60")
        }
        guard (1...65535).contains(port) else {
            throw ServicesError(.invalid, "the service '\(name)' cannot listen on port \(port)", hint: "set \(portSetting)")
        }
        for (what, value) in [("database", database), ("user", user)] {
            guard !value.isEmpty, value.utf8.count <= 63, !value.utf8.contains(0) else {
                throw ServicesError(.invalid, "the service '\(name)' needs a \(what) name of 1 to 63 bytes, not '\(value)'")
            }
        }
        guard !user.hasPrefix("pg_") else {
            throw ServicesError(.invalid, "the user '\(user)' of service '\(name)' is a name that PostgreSQL keeps for itself")
        }
        guard !password.isEmpty else {
            throw ServicesError(.invalid, "the service '\(name)' has no password", hint: "PostgreSQL lets nobody in without one")
        }
    }
}

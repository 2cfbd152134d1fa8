import Foundation
import Postgres

extension PostgresService {
    /// Stops the server, if it runs. Data stays.
    ///
    /// - Returns: whether it was running.
    /// - Throws: ``ServicesError`` if it cannot be stopped.
    @discardableResult
    package func down() async throws -> Bool {
        try validate()
        let folder = try folder()
        guard FileSystem.exists(folder.path) else { return false }
        return try await FolderLock.holding(folder.lock) {
            guard let server = try await ServerProcess.findSettled(data: folder.data) else { return false }
            try await server.stop()
            return true
        }
    }

    /// How the service is. Changes nothing and waits for nobody.
    package func status() async throws -> ServiceStatus {
        try validate()
        let folder = try folder()
        let major = Cluster.major(of: folder).map(String.init)
        func status(_ state: ServiceStatus.State, _ server: ServerProcess? = nil, version: String?) -> ServiceStatus {
            ServiceStatus(
                name: name, state: state, port: server.flatMap { $0.port > 0 ? $0.port : nil } ?? port,
                processID: server.map { Int($0.processID) }, version: version, dataDirectory: folder.data, logFile: folder.log)
        }
        guard folder.hasData else { return status(.absent, version: nil) }
        guard let server = ServerProcess.find(data: folder.data) else { return status(.stopped, version: major) }
        guard let version = await version(of: server, folder) else { return status(.starting, server, version: major) }
        return status(.running, server, version: version)
    }

    /// The version of a server that accepts connections; nil if it does not.
    private func version(of server: ServerProcess, _ folder: ServiceFolder) async -> String? {
        let options = ConnectionOptions(
            host: folder.socket, port: server.port, database: "postgres", user: Cluster.administrator,
            applicationName: "leat status", connectTimeout: .seconds(2), sslMode: .disable)
        guard let connection = try? await Connection.connect(options) else { return nil }
        let version = connection.serverVersion
        await connection.close()
        return "\(version / 10000).\(version % 10000)"
    }
}

import Foundation
import Postgres

extension PostgresService {
    /// Sees to it that the user can connect as configured, by doing so.
    ///
    /// - Returns: the server's process.
    func ensureDatabase(_ cluster: Cluster, isNew: Bool, _ report: (ServiceEvent.Step) -> Void) async throws -> Int {
        let folder = cluster.folder
        if !isNew, try await canConnect(folder) { return try serverProcessID(folder) }
        report(.creatingDatabase)
        let administrator = try await connect(over: folder, to: "postgres", as: Cluster.administrator)
        try await createUser(administrator)
        try await createDatabase(administrator)
        await administrator.close()
        guard try await canConnect(folder) else {
            throw ServicesError(
                .startFailed, "the service '\(name)' runs but refuses '\(user)' on port \(port)",
                hint: "look at its log: \(folder.log)")
        }
        return try serverProcessID(folder)
    }

    /// Connects over the private socket; waits while the server recovers.
    func connect(over folder: ServiceFolder, to database: String, as role: String) async throws -> Connection {
        let options = ConnectionOptions(
            host: folder.socket, port: port, database: database, user: role, applicationName: "leat up", sslMode: .disable)
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await Connection.connect(options)
            } catch let error as PostgresError where error.sqlState == .cannotConnectNow && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func createUser(_ connection: Connection) async throws {
        let exists = try await !connection.query("select 1 from pg_roles where rolname = $1", [.string(user)]).isEmpty
        try await connection.execute(
            "\(exists ? "alter" : "create") role \(quoteIdentifier(user)) superuser login password \(quoteLiteral(password))")
    }

    private func createDatabase(_ connection: Connection) async throws {
        if try await !connection.query("select 1 from pg_database where datname = $1", [.string(database)]).isEmpty { return }
        try await connection.execute(
            "create database \(quoteIdentifier(database)) owner \(quoteIdentifier(user)) template template0")
    }

    /// Whether a client gets in over the network with user, password and database, and finds this server there.
    private func canConnect(_ folder: ServiceFolder) async throws -> Bool {
        do {
            let connection = try await Connection.connect(connectionOptions)
            let found = try await connection.query(
                "select rolsuper, current_setting('data_directory', true) from pg_roles where rolname = current_user")
            await connection.close()
            guard let row = found.first, row[0].bool == true else { return false }
            guard let data = row[1].string, FileSystem.canonical(data) == FileSystem.canonical(folder.data) else {
                throw ServicesError(
                    .portTaken, "port \(port) of service '\(name)' leads to another PostgreSQL server",
                    hint: "stop that, or choose another port: \(portSetting)")
            }
            return true
        } catch let error as PostgresError where error.sqlState != nil {
            return false
        }
    }

    private func serverProcessID(_ folder: ServiceFolder) throws -> Int {
        guard let server = ServerProcess.find(data: folder.data) else {
            throw ServicesError(.startFailed, "the service '\(name)' has ended again", hint: "look at its log: \(folder.log)")
        }
        return Int(server.processID)
    }
}

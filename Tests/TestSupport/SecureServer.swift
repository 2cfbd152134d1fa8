import Foundation
package import Postgres
import Services

/// A PostgreSQL server of its own that speaks TLS as `localhost`, for one suite.
///
/// The user `certified` gets in with a certificate only, `guarded` over TLS only, `tester` (who owns the server) in any way.
package struct SecureServer: Sendable {
    package let certificates: Certificates
    private let service: PostgresService
    private let project: String

    package var options: ConnectionOptions { service.connectionOptions }

    package static func start() async throws -> SecureServer {
        let project = "/tmp/leat-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: project)
        let service = PostgresService(
            name: "tls", project: project, port: try TestCluster.freePort(), database: "postgres", user: "tester",
            password: "tester", settings: ["fsync": "off"])
        let server = SecureServer(
            certificates: try Certificates(folder: project + "/certificates"), service: service, project: project)
        do {
            _ = try await service.up()
            try await server.prepare()
            return server
        } catch {
            await server.stop()
            throw error
        }
    }

    private var data: String {
        let link = "\(project)/.leat/services/tls"
        return ((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link) + "/data"
    }

    private func prepare() async throws {
        try certificates.make("server", commonName: "localhost")
        try certificates.make("expired", commonName: "localhost", days: -1)
        let access = """
            hostssl all certified all cert
            hostssl all guarded all scram-sha-256
            host all guarded all reject
            host all certified all reject
            host all all all scram-sha-256

            """
        try install(Data(access.utf8), as: "pg_hba.conf")
        try install(Data(contentsOf: URL(filePath: certificates.certificate("authority"))), as: "authority.crt")
        let connection = try await Connection.connect(options)
        try await connection.execute("create role certified login; create role guarded login password 'guarded'")
        for (name, value) in [
            ("ssl_ca_file", "authority.crt"), ("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key"), ("ssl", "on"),
        ] { try await connection.execute("alter system set \(name) = '\(value)'") }
        await connection.close()
        try await present("server")
        try await connect(options) { (try? $0.get()) == true }
    }

    /// Has the server show another certificate, soon.
    package func present(_ name: String) async throws {
        try install(Data(contentsOf: URL(filePath: certificates.certificate(name))), as: "server.crt")
        try install(Data(contentsOf: URL(filePath: certificates.key(name))), as: "server.key")
        let connection = try await Connection.connect(options)
        try await connection.execute("select pg_reload_conf()")
        await connection.close()
    }

    /// Connects again and again, with what the server shows now, until `isDone` says so, or for long enough.
    package func connect(_ options: ConnectionOptions, until isDone: (Result<Bool, PostgresError>) -> Bool) async throws {
        for _ in 0..<2000 {
            let outcome: Result<Bool, PostgresError>
            do {
                let connection = try await Connection.connect(options)
                let usesTLS = try await connection.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
                await connection.close()
                outcome = .success(usesTLS.scalar?.bool == true)
            } catch let error as PostgresError {
                outcome = .failure(error)
            }
            if isDone(outcome) { return }
        }
    }

    /// A file of the server, which nobody else can read.
    private func install(_ content: Data, as name: String) throws {
        let path = "\(data)/\(name)"
        try content.write(to: URL(filePath: path))
        let owner = try FileManager.default.attributesOfItem(atPath: data)
        try FileManager.default.setAttributes(
            [
                .posixPermissions: 0o600, .ownerAccountID: owner[.ownerAccountID] ?? 0,
                .groupOwnerAccountID: owner[.groupOwnerAccountID] ?? 0,
            ], ofItemAtPath: path)
    }

    package func stop() async {
        _ = try? await service.down()
        try? FileManager.default.removeItem(atPath: project)
    }
}

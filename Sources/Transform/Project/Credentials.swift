package import Documents
package import Postgres

/// How the warehouse is reached: one target of a profile.
package struct Credentials: Sendable {
    package var host: String
    package var port: Int
    package var user: String
    package var password: String?
    package var database: String
    package var schema: String
    package var connectTimeout: Int
    package var role: String?
    package var searchPath: String?
    package var keepalivesIdle: Int
    package var sslMode: ConnectionOptions.SSLMode?
    package var sslParameters: [String: String]
    package var applicationName: String
    package var retries: Int
    package var autocommit: Bool

    /// For a new connection to the target's database.
    package var connectionOptions: ConnectionOptions {
        var parameters = sslParameters
        if keepalivesIdle > 0 { parameters["keepalives_idle"] = String(keepalivesIdle) }
        return ConnectionOptions(
            host: host, port: port, database: database, user: user, password: password, applicationName: applicationName,
            connectTimeout: .seconds(connectTimeout), sslMode: sslMode ?? .prefer, parameters: parameters,
            settings: searchPath.map { ["search_path": $0] } ?? [:], clientCheckInterval: .seconds(1))
    }

    /// What templates see as `target`, without secrets.
    package func contextMembers(profile: String, target: String, threads: Int) -> JSON.Members {
        JSON.Members(pairs: [
            ("profile_name", .string(profile)), ("target_name", .string(target)), ("name", .string(target)),
            ("threads", .int(threads)), ("type", "postgres"), ("host", .string(host)), ("port", .int(port)),
            ("user", .string(user)), ("database", .string(database)), ("dbname", .string(database)),
            ("schema", .string(schema)), ("connect_timeout", .int(connectTimeout)),
            ("role", role.map(JSON.string) ?? .null), ("search_path", searchPath.map(JSON.string) ?? .null),
            ("keepalives_idle", .int(keepalivesIdle)), ("sslmode", sslMode.map { .string($0.rawValue) } ?? .null),
            ("sslcert", sslParameters["sslcert"].map(JSON.string) ?? .null),
            ("sslkey", sslParameters["sslkey"].map(JSON.string) ?? .null),
            ("sslrootcert", sslParameters["sslrootcert"].map(JSON.string) ?? .null),
            ("application_name", .string(applicationName)), ("retries", .int(retries)),
        ])
    }
}

/// Where a server is, who we are, and how the session is set up.
///
/// ```swift
/// let options = ConnectionOptions(
///     host: "localhost", port: 5470, database: "warehouse", user: "warehouse", password: "secret")
/// let connection = try await Connection.connect(options)
/// ```
package struct ConnectionOptions: Sendable {
    /// How much of TLS is wanted, as libpq's `sslmode`.
    package enum SSLMode: String, Sendable, CaseIterable {
        case disable
        case allow
        case prefer
        case require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    /// A host name, an address, or the folder of a Unix socket (begins with `/`).
    package var host: String
    package var port: Int
    package var database: String
    package var user: String
    /// Nil leaves it to libpq: `PGPASSWORD`, then the password file.
    package var password: String?
    package var applicationName: String
    /// The longest time that making a connection may take, over all addresses of the host.
    package var connectTimeout: Duration
    package var sslMode: SSLMode
    /// Further libpq keywords, such as `sslrootcert`; they win over what is set here.
    package var parameters: [String: String]
    /// Settings of the session, such as `search_path`, in force from the first statement.
    package var settings: [String: String]
    /// How often a busy server looks whether its client still exists (PostgreSQL 14 and later), so that a statement ends
    /// soon after the process that asked for it was killed. Nil leaves the server's setting.
    package var clientCheckInterval: Duration?
    /// What has to live as long as a connection, such as a tunnel that it goes through.
    package var companion: (any AnyObject & Sendable)?
    /// Called for every notice, on the connection's thread. Without it the connection keeps the latest notices.
    package var onNotice: (@Sendable (Notice) -> Void)?

    package init(
        host: String = "localhost", port: Int = 5432, database: String, user: String, password: String? = nil,
        applicationName: String = "leat", connectTimeout: Duration = .seconds(10), sslMode: SSLMode = .prefer,
        parameters: [String: String] = [:], settings: [String: String] = [:], clientCheckInterval: Duration? = nil,
        onNotice: (@Sendable (Notice) -> Void)? = nil
    ) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.sslMode = sslMode
        self.parameters = parameters
        self.settings = settings
        self.clientCheckInterval = clientCheckInterval
        self.onNotice = onNotice
    }

    /// The keywords and values for libpq.
    var keywords: [String: String] {
        var keywords: [String: String] = [
            "host": host,
            "port": String(port),
            "dbname": database,
            "user": user,
            "application_name": applicationName,
            "sslmode": sslMode.rawValue,
            // Looking for Kerberos credentials costs a start of that library for each connection.
            "gssencmode": "disable",
            "client_encoding": "UTF8",
            // A peer that vanished without a word is noticed within a minute, also during a long statement.
            "keepalives": "1",
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
        ]
        if let password { keywords["password"] = password }
        if !settings.isEmpty {
            keywords["options"] = settings.sorted { $0.key < $1.key }
                .map { "-c \($0.key)=\(Self.escapedOption($0.value))" }
                .joined(separator: " ")
        }
        return keywords.merging(parameters) { _, own in own }
    }

    /// In `options`, white space separates and a backslash escapes.
    private static func escapedOption(_ value: String) -> String {
        var escaped = ""
        for character in value {
            if character == "\\" || character.isWhitespace { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}

extension ConnectionOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names the server, the database and the user; never the password.
    package var description: String { "\(user)@\(host):\(port)/\(database)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror {
        Mirror(self, children: ["host": host, "port": port, "database": database, "user": user])
    }
}

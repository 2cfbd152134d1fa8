import Documents
package import Postgres

/// What the configurations of the Postgres source and destination have in common.
package struct PostgresEndpoint: Sendable {
    package var options: ConnectionOptions
    /// Certificates and keys that the configuration holds as text, by libpq's keyword for the file with it.
    private var certificates: [String: String] = [:]
    /// The way through another machine.
    let tunnel: TunnelHolder?

    /// The fields that both have, by the names of Airbyte's connectors.
    static let fields: [ConfigField] = [
        ConfigField(
            "host", .string, "the server's name or address, or the folder of its socket", isRequired: true,
            otherNames: ["hostname", "server", "hostaddr"]),
        ConfigField("port", .integer(1...65535), "the server's port", defaultValue: 5432),
        ConfigField(
            "database", .string, "the database's name", isRequired: true, otherNames: ["dbname", "db", "db_name"]),
        ConfigField("username", .string, "who to connect as", isRequired: true, otherNames: ["user", "login", "role"]),
        ConfigField("password", .string, "the user's password", isSecret: true, otherNames: ["pass", "passwd", "pwd"]),
        ConfigField(
            "ssl_mode",
            .object(
                [
                    ConfigField(
                        "mode", .choice(ConnectionOptions.SSLMode.allCases.map(\.rawValue)), "how much of TLS is wanted",
                        isRequired: true),
                    ConfigField("ca_certificate", .string, "the certificate of the authority: a file, or its text"),
                    ConfigField("client_certificate", .string, "the client's certificate: a file, or its text"),
                    ConfigField("client_key", .string, "the client's key: a file, or its text"),
                    ConfigField("client_key_password", .string, "the password of the client's key", isSecret: true),
                ], shortForm: "mode"),
            "TLS: disable, allow, prefer, require, verify-ca or verify-full", otherNames: ["sslmode"]),
        TunnelSettings.field,
        ConfigField("jdbc_url_params", .choice([""]), "parameters of another driver; only an empty text is taken"),
        ConfigField("ssl", .ignored, "older configurations have it; ssl_mode says how much of TLS is wanted"),
        ConfigField("connect_timeout", .integer(1...3600), "seconds after which connecting fails", defaultValue: 10),
    ]

    init(_ configuration: Configuration) throws(ConnectorError) {
        tunnel = try TunnelSettings(configuration).map {
            TunnelHolder($0, host: configuration.string("host"), port: configuration.int("port"))
        }
        options = ConnectionOptions(
            host: configuration.string("host"), port: configuration.int("port"),
            database: configuration.string("database"), user: configuration.string("username"),
            password: configuration["password"]?.string,
            connectTimeout: .seconds(configuration.int("connect_timeout")), clientCheckInterval: .seconds(1))
        guard let tls = configuration["ssl_mode"] else { return }
        options.sslMode = tls["mode"]?.string.flatMap(ConnectionOptions.SSLMode.init) ?? .prefer
        let files = [
            "ca_certificate": "sslrootcert", "client_certificate": "sslcert", "client_key": "sslkey",
            "client_key_password": "sslpassword",
        ]
        for (field, keyword) in files {
            guard let value = tls[field]?.string else { continue }
            if value.contains("-----BEGIN") { certificates[keyword] = value } else { options.parameters[keyword] = value }
        }
    }

    /// Connects, with a session that writes every value in a form which any server reads back to the same value.
    func connect(_ session: SessionOptions, as role: String) throws(ConnectorError) -> BlockingConnection {
        var options = options
        options.applicationName = session.applicationName
        // libpq takes files only, and reads them while it connects.
        var files: [PrivateFile] = []
        defer { for file in files { file.remove() } }
        for (keyword, text) in certificates {
            let file = try PrivateFile(text)
            files.append(file)
            options.parameters[keyword] = file.path
        }
        let open = try tunnel?.tunnel(timeout: options.connectTimeout, isCancelled: session.isCancelled)
        if let open {
            // The host's name is still that which its certificate must have.
            options.parameters["hostaddr"] = "127.0.0.1"
            options.parameters["port"] = String(open.port)
            options.companion = open
        }
        do throws(PostgresError) {
            let connection = try BlockingConnection(options, isCancelled: session.isCancelled)
            try connection.execute(Self.settings)
            return connection
        } catch {
            var failure = ConnectorError(.unreachable, while: "connecting to the \(role)", error)
            if let said = open?.said, !said.isEmpty {
                failure.details += said.split(whereSeparator: \.isNewline).map { "the tunnel says: \($0)" }
                failure.hint = "the tunnel is open; host and port must be those that the other machine sees"
            }
            throw failure
        }
    }

    /// The settings of the role or of the database must neither bend values nor end a long sync.
    private static let settings = """
        set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set extra_float_digits = 3; \
        set bytea_output = 'hex'; set xmloption = 'content'; set statement_timeout = 0; set lock_timeout = 0; \
        set idle_in_transaction_session_timeout = 0; set client_min_messages = 'warning'
        """

    /// Tells one database from all others: two servers do not start in the same microsecond.
    static func identity(_ connection: BlockingConnection) throws(ConnectorError) -> String? {
        do {
            return try connection.execute(
                """
                select pg_postmaster_start_time()::text || ' ' || oid || ' ' || datname
                from pg_database where datname = current_database()
                """
            ).scalar?.string
        } catch {
            throw ConnectorError(.source, while: "asking for the server's identity", error)
        }
    }
}

extension BlockingConnection {
    /// What the server is, for people: `PostgreSQL 15.4`.
    var product: String { "PostgreSQL \(serverVersion / 10_000).\(serverVersion % 10_000)" }

    var interrupt: Interrupt {
        let handle = cancelHandle
        return Interrupt(cancel: { handle.cancel() }, abort: { handle.abort() })
    }
}

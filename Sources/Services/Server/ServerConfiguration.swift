/// The settings of a private cluster, written to `leat.conf` beside PostgreSQL's own file, which includes it.
struct ServerConfiguration: Sendable {
    let port: Int
    let socketFolder: String
    let major: Int
    /// The user's own, which win.
    let settings: [String: String]

    /// The file's text.
    ///
    /// Commits are as safe as in production (`fsync` and `synchronous_commit` stay on); what is saved is the write-ahead log
    /// of tables that are made and filled in one transaction (`wal_level = minimal`; who wants change data capture sets
    /// `wal_level: logical` and `max_wal_senders: 10`), and the compiler for queries that run only for moments.
    var text: String {
        var values: [(String, String)] = [
            ("listen_addresses", "localhost"),
            ("port", String(port)),
            ("unix_socket_directories", socketFolder),
            ("unix_socket_permissions", "0700"),
            ("shared_buffers", "128MB"),
            ("max_connections", "100"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
            ("jit", "off"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("log_checkpoints", "off"),
            ("logging_collector", "off"),
            ("log_line_prefix", "%m [%p] %q%u@%d "),
        ]
        if Self.canCheckClients(major) { values.append(("client_connection_check_interval", "1s")) }
        values = values.filter { settings[$0.0] == nil } + settings.sorted { $0.key < $1.key }
        return "# Written by `leat up` each time; settings belong in leat.yml.\n"
            + values.map { "\($0) = \(Self.quoted($1))\n" }.joined()
    }

    /// Who may connect: over the private socket everybody who can reach it, over the network with the password.
    static let access = """
        # Written by leat.
        local  all          all                trust
        local  replication  all                trust
        host   all          all  127.0.0.1/32  scram-sha-256
        host   all          all  ::1/128       scram-sha-256
        host   replication  all  127.0.0.1/32  scram-sha-256
        host   replication  all  ::1/128       scram-sha-256

        """

    private static func canCheckClients(_ major: Int) -> Bool {
        #if os(Linux)
            major >= 14
        #else
            major >= 15
        #endif
    }

    private static func quoted(_ value: String) -> String {
        "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}

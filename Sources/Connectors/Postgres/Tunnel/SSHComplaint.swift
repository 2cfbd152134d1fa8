/// What `ssh` said before it gave up, as an error.
struct SSHComplaint {
    static let timedOut = "Connection timed out"

    private let lines: [String]
    private let settings: TunnelSettings

    init(_ text: String, _ settings: TunnelSettings) {
        // A machine that is met for the first time is no complaint.
        lines = text.split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.isEmpty && !$0.hasPrefix("Warning: Permanently added") }
        self.settings = settings
    }

    var error: ConnectorError {
        let place = "\(settings.user)@\(settings.host):\(settings.port)"
        func made(_ what: String, _ hint: String, _ type: ConnectorError.FailureType = .config) -> ConnectorError {
            ConnectorError(
                .unreachable, "the SSH tunnel through \(place) cannot be opened: \(what)", hint: hint, details: lines,
                failureType: type)
        }
        let text = lines.joined(separator: "\n")
        if text.contains("exec: ssh:") || text.contains("ssh: not found") {
            return made("there is no program ssh", "install the OpenSSH client")
        }
        if text.contains("HOST IDENTIFICATION HAS CHANGED") || text.contains("Host key verification failed") {
            return made(
                "the machine has another key than expected",
                "if it was set up anew, give its key as tunnel_host_key, or take the old one out of known_hosts")
        }
        // A key that cannot be used is only remarked before the login fails.
        if text.contains("invalid format") || text.contains("error in libcrypto") || text.contains("UNPROTECTED PRIVATE KEY")
            || text.contains("not accessible")
        {
            return made(
                "the key cannot be used",
                "tunnel_method.ssh_key must be a private key without a passphrase: its text, or a file that only its owner can read"
            )
        }
        if text.contains("Permission denied") || text.contains("Too many authentication failures") {
            let field =
                switch settings.authentication {
                case .key: "ssh_key"
                case .password: "tunnel_user_password"
                }
            return made("it lets nobody in like that", "check tunnel_user and \(field) of tunnel_method")
        }
        if text.contains("administratively prohibited") {
            return made("it forwards nothing", "AllowTcpForwarding must be on there")
        }
        if text.contains("Could not resolve") {
            return made("no machine has this name", "check tunnel_host of tunnel_method", .transient)
        }
        return made(
            text.contains(Self.timedOut) ? "no answer" : lines.last ?? "ssh ended without a word",
            "is an SSH server running there, and are tunnel_host and tunnel_port right?", .transient)
    }
}

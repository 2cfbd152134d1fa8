import Documents

/// How a server is reached through another machine, by the names of Airbyte's connectors.
struct TunnelSettings: Sendable, Hashable {
    enum Authentication: Sendable, Hashable {
        /// A file with a private key, or the key itself.
        case key(String)
        case password(String)
    }

    var host: String
    var port: Int
    var user: String
    var authentication: Authentication
    /// The other machine's public key; nil takes the one that `known_hosts` has, or that it shows the first time.
    var hostKey: String?

    static let field = ConfigField(
        "tunnel_method",
        .object(
            [
                ConfigField(
                    "tunnel_method", .choice(["NO_TUNNEL", "SSH_KEY_AUTH", "SSH_PASSWORD_AUTH"]), "how one logs in there",
                    isRequired: true),
                ConfigField("tunnel_host", .string, "the machine that lets us through"),
                ConfigField("tunnel_port", .integer(1...65535), "its port", defaultValue: 22),
                ConfigField("tunnel_user", .string, "who to log in as", otherNames: ["tunnel_username"]),
                ConfigField("ssh_key", .string, "a private key without a passphrase: a file, or its text", isSecret: true),
                ConfigField("tunnel_user_password", .string, "the user's password", isSecret: true),
                ConfigField(
                    "tunnel_host_key", .string,
                    "the machine's public key (ssh-ed25519 AAAA...); without it known_hosts decides, and a new machine is believed once"
                ),
            ], shortForm: "tunnel_method"),
        "how the server is reached: NO_TUNNEL, or through an SSH server by SSH_KEY_AUTH or SSH_PASSWORD_AUTH")

    /// - Returns: nil without a tunnel.
    /// - Throws: ``ConnectorError`` where a field is missing that the method needs.
    init?(_ configuration: Configuration) throws(ConnectorError) {
        guard let json = configuration["tunnel_method"], let method = json["tunnel_method"]?.string, method != "NO_TUNNEL" else {
            return nil
        }
        func wrong(_ name: String, _ what: String, _ hint: String?) -> ConnectorError {
            var error = ConnectorError(
                .configuration, "config of \(configuration.owner): field 'tunnel_method.\(name)' \(what)", hint: hint)
            error.field = ["tunnel_method"]
            return error
        }
        func required(_ name: String) throws(ConnectorError) -> String {
            guard let value = json[name]?.string, !value.isEmpty else { throw wrong(name, "is missing", "\(method) needs it") }
            return value
        }
        host = try required("tunnel_host")
        user = try required("tunnel_user")
        port = json["tunnel_port"]?.int ?? 22
        hostKey = json["tunnel_host_key"]?.string
        authentication =
            method == "SSH_KEY_AUTH" ? .key(try required("ssh_key")) : .password(try required("tunnel_user_password"))
        for (name, value) in [("tunnel_host", host), ("tunnel_user", user)] where value.hasPrefix("-") {
            throw wrong(name, "must not begin with '-'", nil)
        }
    }
}

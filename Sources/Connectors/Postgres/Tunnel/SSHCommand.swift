#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The command that opens a tunnel, with the files that it needs for logging in.
struct SSHCommand {
    /// What it writes once the tunnel is open.
    static let ready = "leat-tunnel-is-open"

    private let settings: TunnelSettings
    private let timeout: Duration
    private var files: [PrivateFile] = []
    /// The whole environment; nil for that of this process.
    private(set) var environment: [String]?

    init(_ settings: TunnelSettings, timeout: Duration) {
        self.settings = settings
        self.timeout = timeout
    }

    func removeFiles() { for file in files { file.remove() } }

    /// - Parameter forwarding: as `ssh -L` has it.
    mutating func words(forwarding: String) throws(ConnectorError) -> [String] {
        var words = ["ssh", "-N", "-T", "-p", "\(settings.port)", "-l", settings.user, "-L", forwarding]
        var options = [
            "ExitOnForwardFailure=yes", "ConnectTimeout=\(max(1, timeout.components.seconds))", "ServerAliveInterval=15",
            "ServerAliveCountMax=3", "ControlMaster=no", "ControlPath=none", "PermitLocalCommand=yes",
            "LocalCommand=echo \(Self.ready)",
        ]
        if let key = settings.hostKey {
            let name = settings.port == 22 ? settings.host : "[\(settings.host)]:\(settings.port)"
            options += ["StrictHostKeyChecking=yes", "UserKnownHostsFile=\(try file("\(name) \(key)\n"))"]
        } else {
            options.append("StrictHostKeyChecking=accept-new")
        }
        switch settings.authentication {
        case .key(let key):
            let path = key.contains("-----BEGIN") ? try file(key.hasSuffix("\n") ? key : key + "\n") : key
            words += ["-i", path]
            options += ["IdentitiesOnly=yes", "PreferredAuthentications=publickey", "BatchMode=yes"]
        case .password(let password):
            // `ssh` asks a program for it, and so it stands neither in its arguments nor in its environment.
            let script = try file("#!/bin/sh\nexec cat '\(try file(password + "\n"))'\n")
            chmod(script, 0o700)
            environment =
                Self.environment(without: ["SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY"]) + [
                    "SSH_ASKPASS=\(script)", "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none",
                ]
            options += [
                "PreferredAuthentications=password,keyboard-interactive", "PubkeyAuthentication=no", "NumberOfPasswordPrompts=1",
            ]
        }
        words += options.flatMap { ["-o", $0] } + ["--", settings.host]
        return ["/bin/sh", "-c", Self.watched, "sh"] + words
    }

    /// Runs its arguments. What watches the input ends the group when this process is gone and nobody else holds the other end.
    private static let watched =
        "exec 3<&0; { cat <&3; kill 0; } >/dev/null 2>&1 & exec 3<&-; exec \"$@\" </dev/null"

    private mutating func file(_ content: String) throws(ConnectorError) -> String {
        let file = try PrivateFile(content)
        files.append(file)
        return file.path
    }

    private static func environment(without names: [String]) -> [String] {
        var all: [String] = []
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            if !names.contains(where: { text.hasPrefix($0 + "=") }) { all.append(text) }
            place += 1
        }
        return all
    }
}

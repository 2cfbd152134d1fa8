import Foundation

/// An SSH server on a port of its own, with one user who may forward ports.
///
/// As root it runs with a user list of its own (a mount namespace), so that there is a user with a password and a name that only
/// the server knows; otherwise the user is the one who runs the tests, who has a key only.
package final class SSHServer: Sendable {
    package let port: Int
    package let user: String
    /// nil where nobody can log in by password.
    package let password: String?
    /// What the server calls this machine; nobody else does, if it runs with names of its own.
    package let innerHost: String
    /// The server's public key.
    package let hostKey: String
    /// A file with the key that opens it, and one with a key that does not.
    package let key: String
    package let otherKey: String

    private let folder: String
    private let process: Process

    /// Why there can be none here; nil if there can.
    package static let obstacle: String? = {
        for program in ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen"]
        where !FileManager.default.isExecutableFile(atPath: program) { return "\(program) is not installed" }
        return nil
    }()

    package init() throws {
        let folder = "/tmp/leat-ssh-\(UUID().uuidString)"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        key = folder + "/key"
        otherKey = folder + "/other"
        for name in ["host", "key", "other"] {
            _ = try Self.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"])
        }
        func read(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        hostKey = try read("host.pub").split(separator: " ").prefix(2).joined(separator: " ")
        let isApart = getuid() == 0 && (try? Self.run("/usr/bin/unshare", ["-m", "true"])) != nil
        user = isApart ? "tunneler" : NSUserName()
        password = isApart ? "let me through" : nil
        innerHost = isApart ? "warehouse.internal" : "localhost"
        port = try TestCluster.freePort()
        let configuration = """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(folder)/host
            AuthorizedKeysFile \(folder)/key.pub
            StrictModes no
            UsePAM no
            PidFile none

            """
        try Data(configuration.utf8).write(to: URL(filePath: folder + "/sshd_config"))
        process = Process()
        let server = ["/usr/sbin/sshd", "-D", "-e", "-f", folder + "/sshd_config"]
        if isApart, let password {
            let hash = try Self.run("/usr/bin/openssl", ["passwd", "-6", password])
            try Data("root:x:0:0::/root:/bin/sh\nsshd:x:33:33::/run/sshd:/bin/false\n\(user):x:4711:4711::/tmp:/bin/sh\n".utf8)
                .write(to: URL(filePath: folder + "/passwd"))
            try Data("root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n\(user):\(hash):19000:0:99999:7:::\n".utf8)
                .write(to: URL(filePath: folder + "/shadow"))
            try Data("127.0.0.1 localhost \(innerHost)\n".utf8).write(to: URL(filePath: folder + "/hosts"))
            let script = """
                mount --make-rprivate / && for f in passwd shadow hosts; do mount --bind '\(folder)/'$f /etc/$f || exit 1; done
                mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$@"
                """
            process.executableURL = URL(filePath: "/usr/bin/unshare")
            process.arguments = ["-m", "/bin/sh", "-c", script, "sh"] + server
        } else {
            process.executableURL = URL(filePath: server[0])
            process.arguments = Array(server.dropFirst())
        }
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        var said = ""
        while !said.contains("Server listening") {
            let data = errors.fileHandleForReading.availableData
            guard !data.isEmpty else { throw POSIXError(.ECHILD, userInfo: [NSLocalizedDescriptionKey: said]) }
            said += String(decoding: data, as: UTF8.self)
        }
        // It must be able to go on complaining.
        errors.fileHandleForReading.readabilityHandler = { if $0.availableData.isEmpty { $0.readabilityHandler = nil } }
    }

    package func stop() {
        // Threads of tests block the polite signals, and their children inherit that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func run(_ program: String, _ words: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw POSIXError(.ECHILD) }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

import Foundation
import Processes

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
    private let process: SpawnedProcess

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
            try TestCommand.run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)")
        }
        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        hostKey = try text("host.pub").split(separator: " ").prefix(2).joined(separator: " ")
        let isApart = getuid() == 0 && (try? TestCommand.run("/usr/bin/unshare", "-m", "true")) != nil
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
        var server = ["/usr/sbin/sshd", "-D", "-e", "-f", folder + "/sshd_config"]
        if isApart, let password {
            let hash = try TestCommand.run("/usr/bin/openssl", "passwd", "-6", password)
            try Data("root:x:0:0::/root:/bin/sh\nsshd:x:33:33::/run/sshd:/bin/false\n\(user):x:4711:4711::/tmp:/bin/sh\n".utf8)
                .write(to: URL(filePath: folder + "/passwd"))
            try Data("root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n\(user):\(hash):19000:0:99999:7:::\n".utf8)
                .write(to: URL(filePath: folder + "/shadow"))
            try Data("127.0.0.1 localhost \(innerHost)\n".utf8).write(to: URL(filePath: folder + "/hosts"))
            let script = """
                mount --make-rprivate / && for f in passwd shadow hosts; do mount --bind '\(folder)/'$f /etc/$f || exit 1; done
                mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$@"
                """
            server = ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh"] + server
        }
        process = try SpawnedProcess(server)
        var said = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !said.contains("Server listening") {
            let count = read(process.errors, &bytes, bytes.count)
            if count <= 0 {
                stop()
                throw POSIXError(.ECHILD, userInfo: [NSLocalizedDescriptionKey: said])
            }
            said += String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    package func stop() {
        process.group.send(SIGKILL)
        _ = process.group.reap()
        close(process.output)
        close(process.errors)
        try? FileManager.default.removeItem(atPath: folder)
    }
}

import Foundation

/// Certificates of an authority of one's own, made by `openssl` in a folder.
package struct Certificates: Sendable {
    package let folder: String

    /// - Throws: where there is no `openssl`.
    package init(folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for authority in ["authority", "stranger"] {
            try Self.openssl(
                Self.newKey("req", "-x509") + [
                    "-days", "2", "-subj", "/CN=\(authority)", "-keyout", "\(folder)/\(authority).key", "-out",
                    "\(folder)/\(authority).crt",
                ])
        }
    }

    private static func newKey(_ words: String...) -> [String] {
        words + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    }

    package func certificate(_ name: String) -> String { "\(folder)/\(name).crt" }
    package func key(_ name: String) -> String { "\(folder)/\(name).key" }

    /// Makes a key and a certificate, `name.key` and `name.crt`.
    /// - Parameters:
    ///   - days: how long it is valid; negative for one that has expired.
    package func make(_ name: String, commonName: String, authority: String = "authority", days: Int = 2) throws {
        try Self.openssl(
            Self.newKey("req", "-new") + ["-subj", "/CN=\(commonName)", "-keyout", key(name), "-out", "\(folder)/\(name).csr"])
        try Data("subjectAltName=DNS:\(commonName)\n".utf8).write(to: URL(filePath: "\(folder)/\(name).ext"))
        try Self.openssl([
            "x509", "-req", "-in", "\(folder)/\(name).csr", "-CA", certificate(authority), "-CAkey", key(authority),
            "-set_serial",
            "\(UInt32.random(in: 1...UInt32.max))", "-days", "\(days)", "-extfile", "\(folder)/\(name).ext", "-out",
            certificate(name),
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key(name))
    }

    /// Writes `name.key` once more, with a password.
    package func encryptKey(_ name: String, as copy: String, password: String) throws {
        try Self.openssl(["pkey", "-in", key(name), "-aes256", "-passout", "pass:\(password)", "-out", key(copy)])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key(copy))
    }

    package func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    private static func openssl(_ words: [String]) throws { try TestCommand.run(["openssl"] + words) }
}

import HummingbirdTLS
import NIOSSL

/// A certificate and its key, as files.
package struct TLSFiles: Sendable, Hashable {
    /// PEM: the server's certificate, then those between it and an authority that browsers know.
    package let certificate: String
    /// PEM, without a password.
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// What the server tells who connects: TLS 1.2 and later.
    /// - Throws: `ServeError` with code `serve.bad_certificate` that names the file.
    func configuration() throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw unreadable(certificate, "certificate", "-----BEGIN CERTIFICATE-----")
        }
        guard !chain.isEmpty else { throw unreadable(certificate, "certificate", "-----BEGIN CERTIFICATE-----") }
        let privateKey: NIOSSLPrivateKey
        do {
            // A key with a password would have OpenSSL ask for it on the terminal.
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem) { (_: NIOSSLPassphraseSetter<[UInt8]>) in }
        } catch {
            throw unreadable(key, "key", "-----BEGIN PRIVATE KEY----- and has no password")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServeError(
                .badCertificate, "the key '\(key)' is not that of the certificate '\(certificate)'",
                hint: "the certificate of the server comes first in its file; --tls-key names the key that it was made with")
        }
        return configuration
    }

    private func unreadable(_ file: String, _ what: String, _ beginning: String) -> ServeError {
        ServeError(
            .badCertificate, "the \(what) in '\(file)' cannot be read",
            hint: "it is a PEM file that begins with \(beginning), which this user may read")
    }
}

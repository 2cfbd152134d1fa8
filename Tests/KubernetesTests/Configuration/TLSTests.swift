import ClusterSupport
import Diagnostics
import Foundation
import Kubernetes
import NIOSSL
import TestSupport
import Testing

@Suite("TLS to an API server")
struct TLSTests {
    /// A server with a certificate for `kubernetes`, of an authority of the test's own.
    private func withServer(
        asksForCertificate: Bool = false, _ body: (TestAPIServer, Certificates) async throws -> Void
    ) async throws {
        try await ScratchFolder.with { folder in
            let certificates: Certificates
            do {
                certificates = try Certificates(folder: folder.path)
            } catch {
                // There is no openssl here.
                return
            }
            try certificates.make("server", commonName: "kubernetes")
            try certificates.make("client", commonName: "leat")
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.certificate("server")).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.key("server"), format: .pem)))
            if asksForCertificate {
                tls.certificateVerification = .noHostnameVerification
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificates.certificate("authority")))
            }
            let server = try TestAPIServer(tls: tls)
            try await server.start()
            let result: Result<Void, any Error>
            do { result = .success(try await body(server, certificates)) } catch { result = .failure(error) }
            await server.stop()
            try result.get()
        }
    }

    private func version(
        of server: TestAPIServer, _ change: (inout ClusterConfiguration) -> Void
    ) async throws -> String {
        var configuration = try ClusterConfiguration(server: server.address)
        change(&configuration)
        let client = try KubernetesClient(configuration, clock: TestClusterClock())
        let result: Result<String, any Error>
        do { result = .success(try await client.version().gitVersion) } catch { result = .failure(error) }
        try await client.shutdown()
        return try result.get()
    }

    private func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }

    @Test("the certificate is checked against the cluster's authority and the name that the kubeconfig gives")
    func checks() async throws {
        try await withServer { server, certificates in
            let authority = bytes(certificates.certificate("authority"))
            let answer1 = try await version(of: server) {
                $0.authority = authority
                $0.serverName = "kubernetes"
            }
            #expect(answer1 == "v1.36.0")
            let wrongName = await error { try await version(of: server) { $0.authority = authority } }
            #expect(wrongName?.kind == .unreachable)
            let stranger = await error {
                try await version(of: server) {
                    $0.authority = bytes(certificates.certificate("stranger"))
                    $0.serverName = "kubernetes"
                }
            }
            #expect(stranger?.hint?.contains("certificate-authority") == true)
            let answer2 = try await version(of: server) { $0.skipsVerification = true }
            #expect(answer2 == "v1.36.0")
        }
    }

    @Test("a client certificate of the kubeconfig is shown; without it the server hangs up")
    func clientCertificate() async throws {
        try await withServer(asksForCertificate: true) { server, certificates in
            let certificate = ClientCertificate(
                certificate: bytes(certificates.certificate("client")), key: bytes(certificates.key("client")))
            let answer3 = try await version(of: server) {
                $0.skipsVerification = true
                $0.clientCertificate = certificate
            }
            #expect(answer3 == "v1.36.0")
            let without = await error { try await version(of: server) { $0.skipsVerification = true } }
            #expect(without?.kind == .unreachable)
        }
    }

    @Test("a certificate that a plugin gives is shown too, and one that cannot be read is said to be so")
    func pluginCertificate() async throws {
        try await withServer(asksForCertificate: true) { server, certificates in
            try await ScratchFolder.with { folder in
                func json(_ text: String) -> String { text.replacingOccurrences(of: "\n", with: "\\n") }
                let certificate = try certificates.text(certificates.certificate("client"))
                let key = try certificates.text(certificates.key("client"))
                try folder.write(
                    "answer",
                    #"{"status": {"clientCertificateData": "\#(json(certificate))", "clientKeyData": "\#(json(key))"}}"#)
                try folder.write("plugin", "#!/bin/sh\ncat \"$(dirname \"$0\")/answer\"\n", isProgram: true)
                let config = try folder.write(
                    "config",
                    """
                    current-context: c
                    clusters: [{name: c, cluster: {server: "\(server.address)", insecure-skip-tls-verify: true}}]
                    users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}}]
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    """)
                let configuration = try ClusterConfiguration.load(environment: ["KUBECONFIG": config])
                let answer4 = try await version(of: server) { $0 = configuration }
                #expect(answer4 == "v1.36.0")
            }
            let bad = await error {
                try await version(of: server) {
                    $0.clientCertificate = ClientCertificate(certificate: Array("x".utf8), key: Array("y".utf8))
                }
            }
            #expect(bad?.kind == .badConfiguration)
        }
    }
}

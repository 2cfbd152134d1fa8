import Foundation
import Processes
import TestSupport
import Testing

@testable import Serve

@Suite("Pages over TLS")
struct TLSTests {
    @Test("a certificate of an authority is shown, cookies ask for TLS, and plain HTTP gets no answer")
    func serve() async throws {
        let folder = NSTemporaryDirectory() + "leat-tls-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let certificates = try Certificates(folder: folder)
        try certificates.make("server", commonName: "localhost")
        let site = try await TestSite.start(
            options: ServerOptions(
                port: 0, tls: TLSFiles(certificate: certificates.certificate("server"), key: certificates.key("server"))))
        let port = try #require(site.base.split(separator: ":").last)
        let curl = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}"]
        let answer = try await PythonPackages.run(
            "curl", curl + ["--cacert", certificates.certificate("authority"), "https://localhost:\(port)/health"])
        #expect(answer.output == "200 0")
        let stranger = try await PythonPackages.run(
            "curl", curl + ["--cacert", certificates.certificate("stranger"), "https://localhost:\(port)/health"])
        #expect(stranger.status != .exited(0))
        let login = try await PythonPackages.run(
            "curl",
            [
                "-sS", "-i", "--cacert", certificates.certificate("authority"), "-H", "Accept: text/html", "-d",
                "name=viewer&password=\(TestSite.password)", "https://localhost:\(port)/login",
            ])
        #expect(login.output.lowercased().contains("secure"), "\(login.output)")
        let plain = try await PythonPackages.run("curl", curl + ["http://localhost:\(port)/health"])
        #expect(plain.status != .exited(0))
        try await site.stop()
    }

    @Test("files that are none are named before the server listens", arguments: ["missing", "swapped", "other", "locked"])
    func badFiles(kind: String) async throws {
        let folder = NSTemporaryDirectory() + "leat-tls-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let certificates = try Certificates(folder: folder)
        for name in ["server", "other"] { try certificates.make(name, commonName: "localhost") }
        try certificates.encryptKey("server", as: "locked", password: "hush")
        let (certificate, key) =
            switch kind {
            case "missing": (certificates.certificate("none"), certificates.key("server"))
            case "swapped": (certificates.key("server"), certificates.certificate("server"))
            case "other": (certificates.certificate("server"), certificates.key("other"))
            default: (certificates.certificate("server"), certificates.key("locked"))
            }
        do {
            _ = try TLSFiles(certificate: certificate, key: key).configuration()
            Issue.record("they were taken")
        } catch let error as ServeError {
            #expect(error.kind == .badCertificate)
            #expect(error.message.contains(folder))
        }
    }
}

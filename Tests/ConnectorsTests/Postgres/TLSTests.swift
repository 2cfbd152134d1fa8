import Documents
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Connectors

/// Where there is no `openssl`, certificates cannot be made.
private let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

@Suite("TLS", .enabled(if: hasOpenSSL, "openssl is not installed"))
struct TLSTests {
    /// All of it in one test: the server is started once, and shows a certificate that has expired in the end.
    @Test("every ssl_mode, certificates of clients, and what is wrong with them", .timeLimit(.minutes(5)))
    func modes() async throws {
        let server = try await SecureServer.start()
        do {
            try await agreements(server)
            try await refusals(server)
            try await clients(server)
            try await expiry(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func source(
        _ server: SecureServer, host: String = "localhost", user: String = "tester", password: String? = "tester", _ tls: JSON
    ) throws -> PostgresSource {
        let config: JSON = [
            "host": .string(host), "port": .int(server.options.port), "database": "postgres", "username": .string(user),
            "password": password.map { .string($0) } ?? .null, "ssl_mode": tls, "connect_timeout": 240,
        ]
        let source = try ConnectorRegistry.builtIn.source(named: "s", connector: "postgres", config: config)
        return try #require(source as? PostgresSource)
    }

    /// Whether the session that the connector opens is encrypted.
    private func usesTLS(_ source: PostgresSource) async throws -> Bool {
        try await BlockingThread.run("tls") {
            let connection = try source.endpoint.connect(SessionOptions(), as: "source")
            return try connection.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").scalar?.bool == true
        }
    }

    private func failure(_ source: PostgresSource) async -> ConnectorError? {
        await #expect(throws: ConnectorError.self) { _ = try await usesTLS(source) }
    }

    private func agreements(_ server: SecureServer) async throws {
        let authority = server.certificates.certificate("authority")
        for (mode, isEncrypted) in [("disable", false), ("allow", false), ("prefer", true), ("require", true)] {
            #expect(try await usesTLS(source(server, .string(mode))) == isEncrypted, "\(mode)")
        }
        for mode in ["verify-ca", "verify-full"] {
            let file: JSON = ["mode": .string(mode), "ca_certificate": .string(authority)]
            #expect(try await usesTLS(source(server, file)), "\(mode) with a file")
            let text: JSON = ["mode": .string(mode), "ca_certificate": .string(try server.certificates.text(authority))]
            #expect(try await usesTLS(source(server, text)), "\(mode) with a text")
        }
        // The certificate is not for this name, and verify-ca does not ask for which it is.
        let byAddress: JSON = ["mode": "verify-ca", "ca_certificate": .string(authority)]
        #expect(try await usesTLS(source(server, host: "127.0.0.1", byAddress)))
    }

    private func refusals(_ server: SecureServer) async throws {
        let authority = server.certificates.certificate("authority")
        let stranger = server.certificates.certificate("stranger")
        for mode in ["require", "verify-ca", "verify-full"] {
            // libpq takes an authority that is given as a wish to be sure, also with `require`.
            let error = await failure(try source(server, ["mode": .string(mode), "ca_certificate": .string(stranger)]))
            #expect(error?.message.hasSuffix("the server's certificate is not to be trusted") == true, "\(error as Any)")
            #expect(error?.hint?.contains("ca_certificate") == true && error?.failureType == .config)
        }
        let elsewhere = await failure(
            try source(server, host: "127.0.0.1", ["mode": "verify-full", "ca_certificate": .string(authority)]))
        #expect(
            elsewhere?.message.contains(#"does not match host name "127.0.0.1""#) == true,
            "\(elsewhere as Any)")
        #expect(elsewhere?.hint?.contains("verify-ca") == true && elsewhere?.failureType == .config)
        let missing = await failure(try source(server, ["mode": "verify-full", "ca_certificate": "/nowhere/authority.crt"]))
        #expect(missing?.message.hasSuffix("the certificate of the authority cannot be read") == true, "\(missing as Any)")
        let open = await failure(try source(server, user: "guarded", password: "guarded", "disable"))
        #expect(open?.hint?.contains("set ssl_mode to require") == true && open?.failureType == .config, "\(open as Any)")
        // The server of all other tests speaks no TLS.
        let plain = try await TestCluster.shared.options()
        let config: JSON = [
            "host": .string(plain.host), "port": .int(plain.port), "database": "postgres", "username": .string(plain.user),
            "password": .string(plain.password ?? ""), "ssl_mode": "require",
        ]
        let other = try ConnectorRegistry.builtIn.source(named: "s", connector: "postgres", config: config)
        let silent = await failure(try #require(other as? PostgresSource))
        #expect(silent?.message.contains("the server speaks no TLS, and ssl_mode require wants it") == true, "\(silent as Any)")
        #expect(silent?.failureType == .config)
    }

    private func clients(_ server: SecureServer) async throws {
        let certificates = server.certificates
        try certificates.make("client", commonName: "certified")
        try certificates.make("late", commonName: "certified", days: -1)
        try certificates.make("foreign", commonName: "certified", authority: "stranger")
        try certificates.encryptKey("client", as: "locked", password: "open sesame")
        func certified(_ certificate: String, key: String, _ more: JSON = [:]) throws -> PostgresSource {
            let tls: JSON = [
                "mode": "verify-full", "ca_certificate": .string(certificates.certificate("authority")),
                "client_certificate": .string(certificates.certificate(certificate)),
                "client_key": .string(certificates.key(key)),
            ]
            guard case .object(var members) = tls, case .object(let extra) = more else { return try source(server, tls) }
            for entry in extra.entries { members[entry.key] = entry.value }
            return try source(server, user: "certified", password: nil, .object(members))
        }
        #expect(try await usesTLS(certified("client", key: "client")))
        #expect(try await usesTLS(certified("client", key: "locked", ["client_key_password": "open sesame"])))
        let texts: JSON = [
            "client_certificate": .string(try certificates.text(certificates.certificate("client"))),
            "client_key": .string(try certificates.text(certificates.key("client"))),
        ]
        #expect(try await usesTLS(certified("client", key: "client", texts)))

        let wrongPassword = await failure(try certified("client", key: "locked", ["client_key_password": "wrong word"]))
        #expect(wrongPassword?.message.hasSuffix("the client's key cannot be used") == true, "\(wrongPassword as Any)")
        #expect(wrongPassword.map { !"\($0) \($0.details)".contains("wrong word") } == true)
        let otherKey = await failure(try certified("client", key: "late"))
        #expect(otherKey?.message.hasSuffix("the client's key cannot be used") == true, "\(otherKey as Any)")
        let late = await failure(try certified("late", key: "late"))
        #expect(late?.message.hasSuffix("the client's certificate has expired") == true, "\(late as Any)")
        let foreign = await failure(try certified("foreign", key: "foreign"))
        #expect(foreign?.message.hasSuffix("the server refuses the client's certificate") == true, "\(foreign as Any)")
        let none = await failure(try source(server, user: "certified", password: nil, "require"))
        #expect(none?.hint?.contains("client_certificate and client_key") == true, "\(none as Any)")
        for error in [wrongPassword, otherKey, late, foreign, none] { #expect(error?.failureType == .config) }
    }

    private func expiry(_ server: SecureServer) async throws {
        var options = server.options
        options.sslMode = .verifyFull
        options.parameters["sslrootcert"] = server.certificates.certificate("authority")
        try await server.present("expired")
        try await server.connect(options) { if case .failure = $0 { true } else { false } }
        let tls: JSON = ["mode": "verify-full", "ca_certificate": .string(server.certificates.certificate("authority"))]
        let error = await failure(try source(server, tls))
        #expect(error?.message.contains("the server's certificate has expired") == true, "\(error as Any)")
        #expect(error?.failureType == .config)
        // Who does not ask does not mind.
        #expect(try await usesTLS(source(server, "require")))
    }
}

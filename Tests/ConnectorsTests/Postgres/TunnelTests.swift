import Documents
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Connectors

@Suite("SSH tunnels", .enabled(if: SSHServer.obstacle == nil, "\(SSHServer.obstacle ?? "")"))
struct TunnelTests {
    private func source(
        _ database: TestDatabase, _ server: SSHServer, host: String? = nil, port: Int? = nil, _ tunnel: JSON
    ) throws -> PostgresSource {
        var members = JSON.Members([
            ("tunnel_host", "127.0.0.1"), ("tunnel_port", .int(server.port)), ("tunnel_user", .string(server.user)),
            ("tunnel_host_key", .string(server.hostKey)),
        ])
        for entry in tunnel.object?.entries ?? [] { members[entry.key] = entry.value }
        let config: JSON = [
            "host": .string(host ?? server.innerHost), "port": .int(port ?? database.options.port),
            "database": .string(database.name), "username": .string(database.options.user),
            "password": .string(database.options.password ?? ""), "tunnel_method": .object(members),
            // The machine may be busy with all other tests.
            "connect_timeout": 240,
        ]
        let source = try ConnectorRegistry.builtIn.source(named: "s", connector: "postgres", config: config)
        return try #require(source as? PostgresSource)
    }

    private func withServer(_ body: (TestDatabase, SSHServer) async throws -> Void) async throws {
        let server = try SSHServer()
        defer { server.stop() }
        try await withTestDatabase { database in try await body(database, server) }
    }

    private func answer(_ source: PostgresSource) async throws -> String? {
        try await BlockingThread.run("tunnel") {
            try source.endpoint.connect(SessionOptions(), as: "source").execute("select current_database()").scalar?.string
        }
    }

    private func failure(_ source: PostgresSource) async -> ConnectorError? {
        await #expect(throws: ConnectorError.self) { _ = try await answer(source) }
    }

    @Test("a server behind another machine is reached by key and by password", .timeLimit(.minutes(5)))
    func reaches() async throws {
        try await withServer { database, server in
            let text = try String(contentsOfFile: server.key, encoding: .utf8)
            for key in [server.key, text, text.trimmingCharacters(in: .newlines)] {
                let byKey: JSON = ["tunnel_method": "SSH_KEY_AUTH", "ssh_key": .string(key)]
                #expect(try await answer(source(database, server, byKey)) == database.name)
            }
            if let password = server.password {
                let byPassword: JSON = ["tunnel_method": "SSH_PASSWORD_AUTH", "tunnel_user_password": .string(password)]
                #expect(try await answer(source(database, server, byPassword)) == database.name)
            }
        }
    }

    @Test("connections share a tunnel, which ends with the last of them, and with this process", .timeLimit(.minutes(5)))
    func sharing() async throws {
        try await withServer { database, server in
            let source = try source(database, server, ["tunnel_method": "SSH_KEY_AUTH", "ssh_key": .string(server.key)])
            try await BlockingThread.run("tunnel") {
                let holder = try #require(source.endpoint.tunnel)
                weak var seen: SSHTunnel?
                do {
                    let first = try source.endpoint.connect(SessionOptions(), as: "source")
                    let second = try source.endpoint.connect(SessionOptions(), as: "source")
                    let tunnel = try holder.tunnel(timeout: .seconds(240)) { false }
                    seen = tunnel
                    #expect(try first.execute("select 1").scalar?.int == 1 && second.execute("select 2").scalar?.int == 2)
                    #expect(tunnel.isOpen)
                }
                #expect(seen == nil)
                // What it would find at our end: its input has ended.
                let orphan = try holder.tunnel(timeout: .seconds(240)) { false }
                orphan.closeInput()
                for _ in 0..<20_000 where orphan.isOpen { usleep(5000) }
                #expect(!orphan.isOpen)
                // A tunnel that is broken is not used again.
                let connection = try source.endpoint.connect(SessionOptions(), as: "source")
                #expect(try connection.execute("select 3").scalar?.int == 3)
            }
        }
    }

    @Test("what is wrong is said, without the secrets", .timeLimit(.minutes(5)))
    func refusals() async throws {
        try await withServer { database, server in
            let byKey: JSON = ["tunnel_method": "SSH_KEY_AUTH", "ssh_key": .string(server.key)]
            func with(_ name: String, _ value: JSON) -> JSON {
                guard case .object(var members) = byKey else { return byKey }
                members[name] = value
                return .object(members)
            }
            let otherKey = await failure(try source(database, server, with("ssh_key", .string(server.otherKey))))
            #expect(otherKey?.message.hasSuffix("it lets nobody in like that") == true, "\(otherKey as Any)")
            let noKey = await failure(
                try source(
                    database, server,
                    with("ssh_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecretword\n-----END OPENSSH PRIVATE KEY-----")))
            #expect(noKey?.message.hasSuffix("the key cannot be used") == true, "\(noKey as Any)")
            let other = try String(contentsOfFile: server.otherKey + ".pub", encoding: .utf8).split(separator: " ").prefix(2)
            let changed = await failure(
                try source(database, server, with("tunnel_host_key", .string(other.joined(separator: " ")))))
            #expect(changed?.message.hasSuffix("the machine has another key than expected") == true, "\(changed as Any)")
            for error in [otherKey, noKey, changed] {
                #expect(error?.failureType == .config && error?.hint != nil)
                #expect(error.map { !"\($0) \($0.details)".contains("secretword") } == true)
            }
            if server.password != nil {
                let wrong: JSON = ["tunnel_method": "SSH_PASSWORD_AUTH", "tunnel_user_password": "not the word"]
                let error = await failure(try source(database, server, wrong))
                #expect(error?.message.hasSuffix("it lets nobody in like that") == true, "\(error as Any)")
                #expect(error?.hint?.contains("tunnel_user_password") == true)
                #expect(error.map { !"\($0) \($0.details)".contains("not the word") } == true)
            }
            let closed = try TestCluster.freePort()
            let nobody = await failure(try source(database, server, with("tunnel_port", .int(closed))))
            #expect(nobody?.message.contains("cannot be opened") == true && nobody?.failureType == .transient, "\(nobody as Any)")
            #expect(nobody?.hint?.contains("tunnel_host and tunnel_port") == true)
            let behind = await failure(try source(database, server, port: closed, byKey))
            #expect(behind?.hint?.contains("host and port must be those that the other machine sees") == true, "\(behind as Any)")
        }
    }

    @Test("fields that the method needs are asked for by their names")
    func missingFields() throws {
        for (tunnel, field) in [
            (["tunnel_method": "SSH_KEY_AUTH"] as JSON, "tunnel_host"),
            (["tunnel_method": "SSH_KEY_AUTH", "tunnel_host": "h", "tunnel_user": "u"], "ssh_key"),
            (["tunnel_method": "SSH_PASSWORD_AUTH", "tunnel_host": "h", "tunnel_user": "u"], "tunnel_user_password"),
        ] {
            let error = #expect(throws: ConnectorError.self) {
                try ConnectorRegistry.builtIn.source(
                    named: "s", connector: "postgres",
                    config: ["host": "h", "database": "d", "username": "u", "tunnel_method": tunnel])
            }
            #expect(error?.message == "config of source 's': field 'tunnel_method.\(field)' is missing")
        }
    }
}

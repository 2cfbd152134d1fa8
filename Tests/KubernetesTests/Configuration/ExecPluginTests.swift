import ClusterSupport
import Foundation
import Kubernetes
import Testing

@Suite("Plugins that give credentials")
struct ExecPluginTests {
    private func config(_ folder: ScratchFolder, _ server: String, more: String = "") throws -> String {
        try folder.write(
            "config",
            """
            current-context: c
            clusters: [{name: c, cluster: {server: "\(server)"}}]
            users:
              - name: u
                user:
                  exec:
                    apiVersion: client.authentication.k8s.io/v1beta1
                    command: ./plugin
                    args: [get-token, "--cluster", "a b"]
                    env: [{name: PROFILE, value: work}]
                    installHint: install the plugin of your provider
                    \(more)
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """)
    }

    /// A program that counts how often it was run, and gives each time another token.
    private func plugin(_ folder: ScratchFolder, expires: String = "2090-01-01T00:00:00Z") throws {
        try folder.write(
            "plugin",
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo run >> runs
            echo "$PROFILE|$1|$3|$KUBERNETES_EXEC_INFO" > seen
            echo "{\\"kind\\": \\"ExecCredential\\", \\"status\\": {\\"token\\": \\"t$(wc -l < runs | tr -d ' ')\\", \\"expirationTimestamp\\": \\"\(expires)\\"}}"
            """, isProgram: true)
    }

    private func runs(_ folder: ScratchFolder) -> Int {
        ((try? String(contentsOfFile: folder.path + "/runs", encoding: .utf8)) ?? "").split(separator: "\n").count
    }

    private func with(
        _ folder: ScratchFolder, more: String = "", clock: TestClusterClock = TestClusterClock(),
        _ body: (TestAPIServer, KubernetesClient, TestClusterClock) async throws -> Void
    ) async throws {
        let server = try TestAPIServer()
        try await server.start()
        let file = try config(folder, server.address, more: more)
        let client = try KubernetesClient(.load(environment: ["KUBECONFIG": file]), clock: clock)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server, client, clock)) } catch { result = .failure(error) }
        try await client.shutdown()
        await server.stop()
        try result.get()
    }

    @Test("it is run once until its token ends, however many ask at once")
    func cached() async throws {
        try await ScratchFolder.with { folder in
            // The clock of the test stands at 2026-09-21T13:33:20Z.
            try plugin(folder, expires: "2026-09-21T14:00:00Z")
            try await with(folder, more: "provideClusterInfo: true") { server, client, clock in
                server.accept(tokens: "t1")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await client.version() } }
                    try await group.waitForAll()
                }
                #expect(runs(folder) == 1)
                let seen = try String(contentsOfFile: folder.path + "/seen", encoding: .utf8)
                #expect(seen.hasPrefix("work|get-token|a b|{"))
                #expect(seen.contains(#""apiVersion":"client.authentication.k8s.io/v1beta1""#))
                #expect(seen.contains(#""server":"\#(server.address)""#))
                server.accept(tokens: "t2")
                clock.advance(by: 3600)
                _ = try await client.version()
                #expect(runs(folder) == 2)
            }
        }
    }

    @Test("a token that the server refuses is asked for anew, once")
    func refused() async throws {
        try await ScratchFolder.with { folder in
            try plugin(folder)
            try await with(folder) { server, client, _ in
                server.accept(tokens: "t2")
                _ = try await client.version()
                #expect(runs(folder) == 2)
                server.accept(tokens: "none")
                let error = await error { try await client.version() }
                #expect(error?.kind == .unauthorized)
                #expect(runs(folder) == 3)
            }
        }
    }

    @Test(
        "what goes wrong with it is said, with its own last words",
        arguments: [
            ("#!/bin/sh\necho 'log in first' >&2\nexit 3", "failed", "log in first"),
            ("#!/bin/sh\necho nonsense", "gave no ExecCredential with a status", nil),
            ("#!/bin/sh\necho '{\"status\": {}}'", "gave neither a token nor a certificate", nil),
        ])
    func fails(program: String, words: String, detail: String?) async throws {
        try await ScratchFolder.with { folder in
            try folder.write("plugin", program + "\n", isProgram: true)
            try await with(folder) { _, client, _ in
                let error = await error { try await client.version() }
                #expect(error?.kind == .badCredentials)
                #expect(error?.message.contains(words) == true)
                #expect(error?.hint == "install the plugin of your provider")
                #expect(error?.details == (detail.map { [$0] } ?? []))
            }
        }
    }

    @Test("one that hangs is killed with all that it has started, and said to have taken too long", .timeLimit(.minutes(10)))
    func hangs() async throws {
        try await ScratchFolder.with { folder in
            try folder.write("plugin", "#!/bin/sh\necho 'ask the server' >&2\nsleep 10000 & wait\n", isProgram: true)
            // Here also long pauses are over at once.
            try await with(folder, clock: TestClusterClock(long: .seconds(100_000))) { _, client, _ in
                let error = await error { try await client.version() }
                #expect(error?.message.contains("did not end within 120 s") == true)
                #expect(error?.hint == "install the plugin of your provider")
            }
        }
    }

    @Test("one that is not there is said to be missing, with how to get it")
    func missing() async throws {
        try await ScratchFolder.with { folder in
            try await with(folder) { _, client, _ in
                let error = await error { try await client.version() }
                #expect(error?.message.contains("cannot be started") == true)
            }
        }
    }
}

import Diagnostics
import Foundation
import Kubernetes
import Testing

/// A folder of its own, which is gone afterwards.
struct ScratchFolder {
    let path: String

    static func with<Result>(_ body: (ScratchFolder) async throws -> Result) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "leat-k8s-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(ScratchFolder(path: path))
    }

    @discardableResult
    func write(_ name: String, _ text: String, isProgram: Bool = false) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        if isProgram { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
        return file
    }
}

@Suite("Kubeconfig files")
struct KubeconfigTests {
    private static let first = """
        apiVersion: v1
        kind: Config
        current-context: local
        clusters:
          - name: local
            cluster: {server: "https://127.0.0.1:6443/", certificate-authority-data: aGVsbG8=, tls-server-name: kubernetes}
        users:
          - name: dev
            user: {token: first-token}
        contexts:
          - name: local
            context: {cluster: local, user: dev, namespace: jobs}
          - name: broken
            context: {cluster: lokal, user: dev}
        """
    private static let second = """
        current-context: production
        clusters:
          - name: local
            cluster: {server: "https://elsewhere:6443"}
          - name: production
            cluster:
              server: https://api.example.com
              certificate-authority: ca.pem
              proxy-url: http://proxy.example.com:3128
        users:
          - name: dev
            user: {token: second-token}
          - name: deployer
            user: {tokenFile: token, as: robot, as-groups: [a, b]}
        contexts:
          - name: production
            context: {cluster: production, user: deployer}
        """

    private func load(_ folder: ScratchFolder, _ files: [String], context: String? = nil) throws -> ClusterConfiguration {
        try ClusterConfiguration.load(
            context: context, environment: ["KUBECONFIG": files.joined(separator: ":")], serviceAccount: folder.path + "/sa")
    }

    @Test("of several files the first counts for each name, and missing ones do not matter")
    func merges() async throws {
        try await ScratchFolder.with { folder in
            let one = try folder.write("one", Self.first)
            let two = try folder.write("two", Self.second)
            try folder.write("ca.pem", "authority")
            let files = [folder.path + "/missing", one, two]
            let local = try load(folder, files)
            #expect(local.server == "https://127.0.0.1:6443")
            #expect(local.authority == Array("hello".utf8))
            #expect(local.serverName == "kubernetes")
            #expect(local.namespace == "jobs")
            guard case .token("first-token") = local.credentials else {
                Issue.record("the first token counts")
                return
            }
            let production = try load(folder, files, context: "production")
            #expect(production.authority == Array("authority".utf8))
            #expect(production.proxy?.host == "proxy.example.com")
            #expect(production.namespace == "default")
            #expect(production.impersonation.user == "robot")
            #expect(production.impersonation.groups == ["a", "b"])
            guard case .tokenFile(folder.path + "/token") = production.credentials else {
                Issue.record("paths are seen from the file")
                return
            }
        }
    }

    @Test("names that lead nowhere are said with the nearest one")
    func unknownNames() async throws {
        try await ScratchFolder.with { folder in
            let file = try folder.write("one", Self.first)
            let cluster = await error { try load(folder, [file], context: "broken") }
            #expect(cluster?.message == "the kubeconfig has no cluster 'lokal'")
            #expect(cluster?.hint == "did you mean 'local'?")
            let context = await error { try load(folder, [file], context: "locl") }
            #expect(context?.message == "the kubeconfig has no context 'locl'")
        }
    }

    @Test(
        "what is wrong in a file is said with its place",
        arguments: [
            ("clusters: [", "not valid YAML", 2),
            (
                "current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]",
                "no 'server'", 3
            ),
            (
                "current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters:\n  - name: c\n    cluster:\n"
                    + "      server: https://x\n      certificate-authority-data: '!!!'",
                "not base64", 7
            ),
            (
                "current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters:\n  - name: c\n    cluster:\n"
                    + "      server: https://x\n      proxy-url: https://proxy",
                "by http:// or socks5://", 7
            ),
        ])
    func places(text: String, words: String, line: Int) async throws {
        try await ScratchFolder.with { folder in
            let file = try folder.write("config", text)
            let error = await error { try load(folder, [file]) }
            #expect(error?.message.contains(words) == true)
            #expect(error?.location?.line == line)
        }
    }

    @Test("in a pod it is the service account")
    func inCluster() async throws {
        try await ScratchFolder.with { folder in
            try folder.write("token", "t")
            try folder.write("ca.crt", "authority")
            try folder.write("namespace", "leat\n")
            let configuration = try ClusterConfiguration.load(
                environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "6443"],
                serviceAccount: folder.path)
            #expect(configuration.server == "https://[fd00::1]:6443")
            #expect(configuration.authority == Array("authority".utf8))
            #expect(configuration.namespace == "leat")
        }
    }

    @Test("without anything it says what to do")
    func nothing() async throws {
        try await ScratchFolder.with { folder in
            let error = await error {
                try ClusterConfiguration.load(environment: ["HOME": folder.path], serviceAccount: folder.path)
            }
            #expect(error?.kind == .noConfiguration)
            #expect(error?.hint?.contains("KUBECONFIG") == true)
        }
    }
}

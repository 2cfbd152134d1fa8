import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Synchronization

/// A cluster for the program, with a kubeconfig that leads to it.
struct ProgramCluster: Sendable {
    let server: TestAPIServer
    let kubelet: ScriptedKubelet
    let created: Created
    /// For processes that shall find it.
    let environment: [String: String]

    /// All objects that were ever made, as they came: pods go when their work is done.
    final class Created: Sendable {
        private let state = Mutex<[String: [JSON]]>([:])

        func note(_ resource: String, _ object: JSON) { state.withLock { $0[resource, default: []].append(object) } }
        func all(_ resource: String) -> [JSON] { state.withLock { $0[resource] ?? [] } }

        /// The pod of a task.
        func pod(of task: String) -> JSON? {
            all("pods").last { $0.at("metadata", "annotations", "leat.dev/task")?.string == task }
        }

        /// The secret of a task's pod, decoded.
        func secret(of task: String) -> [String: String] {
            let name = pod(of: task)?.at("metadata", "name")?.string
            let secret = all("secrets").last { $0.at("metadata", "name")?.string == name }
            return (secret?["data"]?.texts ?? [:]).mapValues {
                Data(base64Encoded: $0).map { String(decoding: $0, as: UTF8.self) } ?? ""
            }
        }
    }

    /// - Parameters:
    ///   - folder: for the kubeconfig.
    ///   - script: what becomes of each pod.
    static func with(
        in folder: URL, _ script: @escaping @Sendable (Pod) -> [ScriptedKubelet.Step],
        _ body: (ProgramCluster) async throws -> Void
    ) async throws {
        let server = try TestAPIServer()
        let created = Created()
        server.store.setAdmission { resource, object in
            created.note(resource, object)
            if resource == "pods" { try ObjectRules.check(pod: object, object.at("metadata", "name")?.string ?? "") }
        }
        try await server.start()
        let kubelet = ScriptedKubelet(server.store, script: script)
        let running = Task { await kubelet.run() }
        let result: Result<Void, any Error>
        do {
            let config = try kubeconfig(of: server, in: folder)
            let environment = ["KUBECONFIG": config, "NO_COLOR": "1"]
            result = .success(
                try await body(ProgramCluster(server: server, kubelet: kubelet, created: created, environment: environment)))
        } catch {
            result = .failure(error)
        }
        running.cancel()
        server.store.ring()
        await running.value
        await server.stop()
        try result.get()
    }

    /// Writes a kubeconfig with a token, which alone the server takes then.
    static func kubeconfig(of server: TestAPIServer, in folder: URL) throws -> String {
        server.accept(tokens: "of-the-test")
        let file = folder.appending(path: "kubeconfig")
        try """
        current-context: c
        clusters: [{name: c, cluster: {server: "\(server.address)"}}]
        users: [{name: u, user: {token: of-the-test}}]
        contexts: [{name: c, context: {cluster: c, user: u, namespace: jobs}}]
        """.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}

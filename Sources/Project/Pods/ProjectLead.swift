import Documents
import Foundation
import Kubernetes

/// The lead of several servers of a project that share its records in a cluster: one serves, the others stand by.
package struct ProjectLead: Sendable {
    private let client: KubernetesClient
    private let election: LeaderElection
    /// The pod of this server, if it runs in one; who leads has a label there, by which a service finds it.
    private let pod: (name: String, namespace: String)?

    private static let podVariable = "LEAT_POD_NAME"
    private static let roleLabel = "leat.dev/role"

    /// - Parameters:
    ///   - lease: its name, in the namespace of the server's own pod, or of the kubeconfig's context.
    ///   - seconds: how long the lead lasts after it was renewed.
    /// - Throws: `KubernetesError` where there is no cluster.
    package init(_ project: LeatProject, lease: String, seconds: Int) throws {
        let configuration = try ClusterConfiguration.load(
            context: project.kubernetes?.context, environment: project.environment)
        client = try KubernetesClient(configuration)
        pod = project.environment[Self.podVariable].map { ($0, configuration.namespace) }
        let machine = project.environment["HOSTNAME"] ?? ProcessInfo.processInfo.hostName
        election = LeaderElection(
            client, lease: lease, namespace: configuration.namespace,
            holder: "\(machine)_\(UUID().uuidString.lowercased().prefix(8))", seconds: seconds)
    }

    private enum Ending { case leads, stopped }

    /// Waits for the lead, leads as long as `leading` does or the lead is kept, and gives it up.
    /// - Parameters:
    ///   - standby: answers meanwhile; it is cancelled when the lead is there.
    ///   - waiting: hears who leads instead.
    ///   - leading: is cancelled when the lead is lost.
    /// - Throws: `KubernetesError` with code `kubernetes.lead_lost`, and what the closures throw.
    package func run(
        standby: @escaping @Sendable () async throws -> Void, waiting: @escaping @Sendable (_ holder: String) -> Void,
        leading: @escaping @Sendable () async throws -> Void
    ) async throws {
        let result: Result<Void, any Error>
        do {
            // A container that was killed and started again still has the label of its pod.
            try await setRole(nil)
            if try await isElected(standby, waiting) {
                try await setRole("leader")
                try await lead(leading)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // Also of a process that is told to end: the next one need not wait.
        await Task {
            try? await setRole(nil)
            await election.release()
            try? await client.shutdown()
        }.value
        try result.get()
    }

    private func setRole(_ role: String?) async throws {
        guard let pod else { return }
        let label = JSON.object(JSON.Members([(Self.roleLabel, role.map { .string($0) } ?? .null)]))
        _ = try await client.patchPod(pod.name, in: pod.namespace, ["metadata": ["labels": label]])
    }

    /// - Returns: whether this process leads; otherwise it was told to end.
    private func isElected(
        _ standby: @escaping @Sendable () async throws -> Void, _ waiting: @escaping @Sendable (String) -> Void
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                do { try await standby() } catch is CancellationError {}
                return .stopped
            }
            group.addTask { [election] in
                do {
                    try await election.acquire(waiting: waiting)
                    return .leads
                } catch is CancellationError {
                    return .stopped
                }
            }
            let first = try await group.next()
            group.cancelAll()
            // The port is free again when the other has ended.
            try await group.waitForAll()
            return first == .leads
        }
    }

    private func lead(_ leading: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await leading() }
            group.addTask { [election] in
                do { try await election.keep() } catch is CancellationError {}
            }
            defer { group.cancelAll() }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}

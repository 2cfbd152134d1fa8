import Diagnostics
import Foundation
import Kubernetes
import Orchestrate

/// The pods of a project, for people.
package struct PodListing: Sendable {
    package static let columns = ["pod", "task", "try", "phase", "node", "reason", "restarts", "age"]

    package let namespace: String
    package let rows: [[String?]]

    /// All namespaces that the project's tasks name, and that of the kubeconfig.
    /// - Returns: nil where the project says nothing of a cluster.
    /// - Throws: `KubernetesError` where the cluster cannot be asked.
    package static func all(of project: LeatProject) async throws -> [PodListing]? {
        guard project.kubernetes != nil || project.hasPods else { return nil }
        let configuration = try ClusterConfiguration.load(
            context: project.kubernetes?.context, environment: project.environment)
        let namespaces = project.podNamespaces(default: configuration.namespace)
        let client = try KubernetesClient(configuration)
        let result: Result<[PodListing], any Error>
        do {
            var listings: [PodListing] = []
            for namespace in namespaces.sorted() {
                let pods = try await client.pods(in: namespace, labels: PodIdentity.selector(project: project.name))
                listings.append(PodListing(namespace: namespace, rows: pods.map { row($0, now: client.clock.now()) }))
            }
            result = .success(listings)
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        return try result.get()
    }

    private static func row(_ pod: Pod, now: Date) -> [String?] {
        let word = pod.statusWord
        let age = pod.metadata.createdAt.map { Duration.seconds(max(0, Int(now.timeIntervalSince($0)))).shortText }
        return [
            pod.metadata.name, pod.metadata.annotations["leat.dev/task"], pod.metadata.labels["leat.dev/try"],
            pod.phase.rawValue, pod.nodeName, reason(of: pod) ?? (word == pod.phase.rawValue ? nil : word),
            String(pod.restarts), age,
        ]
    }

    /// Why it does not run, in the cluster's words.
    private static func reason(of pod: Pod) -> String? {
        if let scheduled = pod.condition("PodScheduled"), scheduled.isTrue == false {
            return scheduled.reason ?? scheduled.message
        }
        return nil
    }

    /// The table's lines; a sentence where there are no pods.
    package var lines: [String] {
        guard !rows.isEmpty else { return ["no pods in the namespace '\(namespace)'"] }
        return TextTable(columns: Self.columns, rows: rows, rightAligned: [2, 6], maximumWidth: nil).lines()
    }
}

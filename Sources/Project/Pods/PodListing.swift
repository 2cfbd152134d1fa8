import Diagnostics
import Foundation
import Kubernetes
import Orchestrate

/// The pods of a project, for people.
package struct PodListing: Sendable {
    package static let columns = ["pod", "task", "try", "phase", "node", "reason", "restarts", "age"]

    /// A pod, as the cluster has it now.
    package struct Row: Sendable, Hashable {
        package let name: String
        package let task: String?
        /// The number of the attempt.
        package let attempt: String?
        /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
        package let phase: String
        package let node: String?
        /// Why it does not run, or has ended, in the cluster's words.
        package let reason: String?
        package let restarts: Int
        /// Such as `3m`; nil for one without a time of birth.
        package let age: String?

        fileprivate var cells: [String?] { [name, task, attempt, phase, node, reason, String(restarts), age] }
    }

    package let namespace: String
    package let pods: [Row]

    /// The cells of the table, a row for each pod.
    package var rows: [[String?]] { pods.map(\.cells) }

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
                listings.append(PodListing(namespace: namespace, pods: pods.map { row($0, now: client.clock.now()) }))
            }
            result = .success(listings)
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        return try result.get()
    }

    private static func row(_ pod: Pod, now: Date) -> Row {
        let word = pod.statusWord
        let age = pod.metadata.createdAt.map { Duration.seconds(max(0, Int(now.timeIntervalSince($0)))).shortText }
        return Row(
            name: pod.metadata.name, task: pod.metadata.annotations["leat.dev/task"],
            attempt: pod.metadata.labels["leat.dev/try"],
            phase: pod.phase.rawValue, node: pod.nodeName, reason: reason(of: pod) ?? (word == pod.phase.rawValue ? nil : word),
            restarts: pod.restarts, age: age)
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

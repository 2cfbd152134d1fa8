import Documents
import Foundation
import Kubernetes
import Synchronization

/// Does the work of attempts in pods, one for each.
///
/// The pod of an attempt has its name and labels from the attempt alone. So a creation whose answer was lost is recognised, an
/// attempt that another process has begun is taken up where it stands, and no attempt ever has two pods. A pod is deleted only
/// after the end of its attempt is in the store.
package final class KubernetesExecutor: Sendable {
    /// What the pod of one attempt is made of.
    package struct Order: Sendable {
        package var settings: PodSettings
        /// What the task must know.
        package var spec: PodTaskSpec
        /// Values that travel in the pod's secret, by the names of the variables that they become.
        package var secrets: [String: String]

        package init(settings: PodSettings, spec: PodTaskSpec, secrets: [String: String] = [:]) {
            self.settings = settings
            self.spec = spec
            self.secrets = secrets
        }
    }

    /// A pod whose attempt has ended and is not recorded yet.
    private struct Finished {
        let pod: Pod
        let hasSucceeded: Bool
        let settings: PodSettings
    }

    private let cluster: PodCluster
    private let finished = Mutex<[String: Finished]>([:])
    /// Pods on their way to be cleared away, counted.
    private let retiring = Mutex<(next: Int, tasks: [Int: Task<Void, Never>])>((0, [:]))

    package init(_ cluster: PodCluster) { self.cluster = cluster }

    /// Does the work of an attempt; see `TaskExecutor.execute`.
    package func execute(
        _ attempt: TaskAttempt, _ order: Order, report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        let identity = cluster.identity(of: attempt)
        let placement = PodPlacement(cluster: cluster, attempt: attempt, order: order, identity: identity, report: report)
        let result: Result<TaskOutcome, TaskFailure>
        do {
            let sightings = try await cluster.sightings(of: identity.name, in: order.settings.namespace)
            let pod = try await placement.place()
            let supervision = PodSupervision(
                client: cluster.client, attempt: attempt, settings: order.settings, pod: pod, report: report)
            let end = try await supervision.run(sightings)
            await cluster.forget(identity.name, in: order.settings.namespace)
            result = await supervision.result(of: end)
            try Task.checkCancellation()
            let hasSucceeded = if case .success = result { true } else { false }
            await settle(end, pod, identity, Finished(pod: pod, hasSucceeded: hasSucceeded, settings: order.settings))
        } catch {
            await cluster.forget(identity.name, in: order.settings.namespace)
            guard Task.isCancelled else {
                // Nobody would hear how it ends.
                await placement.remove()
                throw (error as? KubernetesError).map { TaskFailure(cluster: $0) } ?? error
            }
            if !attempt.detachment.isWanted { await placement.remove() }
            throw CancellationError()
        }
        return try result.get()
    }

    /// What has not run to its end by itself is ended now; what has, is kept until the record is written.
    private func settle(_ end: PodEnd, _ pod: Pod, _ identity: PodIdentity, _ entry: Finished) async {
        switch end {
        case .success, .exited: break
        case .failure, .infrastructure:
            // It must not begin, or go on, once its attempt has failed. On a node that is silent it cannot be waited for.
            if entry.settings.deletePolicy == .always {
                _ = try? await cluster.client.deletePod(
                    pod.metadata.name, in: pod.metadata.namespace, uid: pod.metadata.uid,
                    graceSeconds: entry.settings.gracePeriodSeconds)
            }
        }
        finished.withLock { $0[identity.name] = entry }
    }

    /// The end of an attempt is in the store: its pod may go.
    package func attemptWasRecorded(_ attempt: TaskAttempt) {
        let identity = cluster.identity(of: attempt)
        guard let entry = finished.withLock({ $0.removeValue(forKey: identity.name) }) else { return }
        retiring.withLock { state in
            state.next += 1
            let number = state.next
            state.tasks[number] = Task {
                await cluster.retire(
                    entry.pod, hasSucceeded: entry.hasSucceeded, entry.settings.deletePolicy, ttl: entry.settings.ttl)
                retiring.withLock { $0.tasks[number] = nil }
            }
        }
    }

    /// Watches the pods of namespaces from now on, and clears away those that an earlier process has left.
    package func lookAfter(_ namespaces: some Sequence<String> & Sendable) async {
        for namespace in namespaces { await cluster.watch(namespace) }
    }

    /// Finishes what is being cleared away, and closes the connections. No attempt may be under way.
    package func close() async {
        for task in retiring.withLock({ Array($0.tasks.values) }) { await task.value }
        await cluster.close()
    }
}

extension TaskFailure {
    /// What the cluster's refusal means for the task.
    init(cluster error: KubernetesError) {
        self.init(error)
        switch error.kind {
        case .invalid, .badRequest, .forbidden, .notFound, .badConfiguration, .noConfiguration: isRetryable = false
        case .unreachable, .serverFailed, .tooManyRequests: isInfrastructure = true
        default: break
        }
    }
}

import Documents
import Foundation
import Kubernetes

/// Sees to it that the pod of an attempt is there, once.
struct PodPlacement: Sendable {
    let cluster: PodCluster
    let attempt: TaskAttempt
    let order: KubernetesExecutor.Order
    let identity: PodIdentity
    let report: @Sendable (TaskReport) -> Void

    private var client: KubernetesClient { cluster.client }
    private var namespace: String { order.settings.namespace }

    /// The pod of the attempt: the one that an earlier process has made, or a new one.
    /// - Throws: `KubernetesError` or `TaskFailure` where the cluster does not take it.
    func place() async throws -> Pod {
        // What has begun is not begun again.
        if attempt.resumption != .none {
            if let pod = try await persist({ try await client.pod(identity.name, in: namespace) }) {
                let mine = try own(pod)
                note("takes up the pod '\(pod.metadata.name)' again")
                try await createSecret(for: mine)
                return mine
            }
            if attempt.resumption == .running { throw TaskFailure.endUnseen("it is not there any more") }
        }
        // Not to be cancelled between the request and its answer: then nobody would know of the pod.
        let pod = try await Task { try await create() }.value
        try await createSecret(for: pod)
        note("made the pod '\(pod.metadata.name)' in the namespace '\(namespace)'")
        return pod
    }

    private func create() async throws -> Pod {
        let pod = PodBuilder(settings: order.settings, identity: identity).pod()
        for _ in 0..<3 {
            do {
                return try await persist { try await client.createPod(pod, in: namespace) }
            } catch let error as KubernetesError where error.kind == .alreadyExists {
                // Made by a try whose answer was lost, or before a restart; unless it is just going.
                if let pod = try await persist({ try await client.pod(identity.name, in: namespace) }) { return try own(pod) }
            }
        }
        throw TaskFailure.endUnseen("it comes and goes")
    }

    /// Asks again what fails for a while only: a server that is being started anew, a quota that is used up.
    private func persist<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
        let deadline = client.clock.now().addingTimeInterval(order.settings.schedulingTimeout.inSeconds)
        var backOff = BackOff()
        while true {
            do {
                return try await ask()
            } catch let error as KubernetesError where error.isPassing && client.clock.now() < deadline {
                report(.progress(TaskProgress(message: error.message)))
                let words = ([error.message] + error.details).joined(separator: "; ")
                report(.log(LogLine(words, level: .warning, stream: "kubernetes")))
                try await client.clock.sleep(for: backOff.next(chance: client.clock.chance()))
            }
        }
    }

    private func own(_ pod: Pod) throws -> Pod {
        guard identity.isOwner(of: pod) else {
            throw TaskFailure(
                "there is a pod named '\(pod.metadata.name)' that is not of this attempt", code: "kubernetes.foreign_pod",
                hint: "delete it: kubectl delete pod --namespace \(namespace) \(pod.metadata.name)", isRetryable: false)
        }
        return pod
    }

    private func createSecret(for pod: Pod) async throws {
        // Of a pod that has ended nobody reads it any more.
        guard pod.phase == .pending || pod.phase == .unknown else { return }
        var values = order.secrets
        values[PodTaskSpec.variable] = order.spec.json.text()
        let secrets = values
        do {
            try await persist {
                try await client.createSecret(
                    identity.name, in: namespace, values: secrets, labels: identity.labels, owner: pod)
            }
        } catch let error as KubernetesError where error.kind == .alreadyExists {
        }
    }

    /// Ends the pod, and waits until it is gone; as long as it has to end by itself, and a little.
    func remove() async {
        let seconds = order.settings.gracePeriodSeconds
        // In a task of its own: the one that calls is cancelled.
        await Task {
            guard let pod = try? await client.pod(identity.name, in: namespace), identity.isOwner(of: pod) else { return }
            let sightings = try? await cluster.sightings(of: identity.name, in: namespace)
            let isThere = try? await client.deletePod(
                identity.name, in: namespace, uid: pod.metadata.uid, graceSeconds: seconds)
            guard isThere == true, let sightings else { return }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        for try await event in sightings { if case .deleted = event { return } }
                    } catch {}
                }
                group.addTask { try? await client.clock.sleep(for: .seconds(seconds + 5)) }
                await group.next()
                group.cancelAll()
            }
            await cluster.forget(identity.name, in: namespace)
        }.value
    }

    private func note(_ text: String) { report(.log(LogLine(text, stream: "kubernetes"))) }
}

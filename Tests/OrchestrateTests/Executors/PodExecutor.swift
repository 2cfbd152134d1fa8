import ClusterSupport
import Kubernetes

@testable import Orchestrate

/// Runs every task in a pod.
struct PodExecutor: TaskExecutor {
    let executor: KubernetesExecutor
    var settings = PodSettings(image: "leat:1", namespace: "jobs")

    init(_ port: Int) throws {
        let client = try KubernetesClient(try ClusterConfiguration(server: "http://127.0.0.1:\(port)"), clock: TestClusterClock())
        executor = KubernetesExecutor(PodCluster(client, project: "shop", store: "s", ended: { _ in [:] }))
    }

    func execute(_ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        try await executor.execute(
            attempt, KubernetesExecutor.Order(settings: settings, spec: PodTaskSpec(attempt, tasks: [])), report: report)
    }

    func beginsAtOnce(_ task: TaskDefinition) -> Bool { false }
    func attemptWasRecorded(_ attempt: TaskAttempt) { executor.attemptWasRecorded(attempt) }
}

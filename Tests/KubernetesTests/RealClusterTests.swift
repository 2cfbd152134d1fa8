import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

/// The same against a real cluster, in a namespace of its own, which is gone afterwards: `make test-kubernetes`.
@Suite(
    "A real cluster",
    .enabled(if: ProcessInfo.processInfo.environment["LEAT_TEST_KUBECONFIG"] != nil, "LEAT_TEST_KUBECONFIG names no kubeconfig"))
struct RealClusterTests {
    private func withNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
        let path = ProcessInfo.processInfo.environment["LEAT_TEST_KUBECONFIG"] ?? ""
        let client = try KubernetesClient(.load(environment: ["KUBECONFIG": path]))
        let name = "leat-test-\(UUID().uuidString.lowercased().prefix(8))"
        var create = APIRequest(.post, "/api/v1/namespaces", verb: "create", resource: "namespaces")
        create.body = ["metadata": ["name": .string(name)]]
        _ = try await client.call(create)
        let result: Result<Void, any Error>
        do { result = .success(try await body(client, name)) } catch { result = .failure(error) }
        _ = try await client.call(
            APIRequest(.delete, "/api/v1/namespaces/\(name)", verb: "delete", resource: "namespaces", name: name))
        try await client.shutdown()
        try result.get()
    }

    private var image: String { ProcessInfo.processInfo.environment["LEAT_TEST_IMAGE"] ?? "busybox" }

    private func pod(_ name: String, _ script: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": "leat"]],
            "spec": [
                "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
                "containers": [["name": "main", "image": .string(image), "command": ["sh", "-c", .string(script)]]],
            ],
        ]
    }

    @Test("pods are made once, watched to their end, read to the last line, and deleted only if they are the ones meant")
    func journey() async throws {
        try await withNamespace { client, namespace in
            let phases = Gathered<Pod>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await PodWatch(client, namespace: namespace, labels: "app=leat").run { news in
                        if case .change(let change) = news { phases.add(change.object) }
                    }
                }
                let script = "for i in 1 2 3; do echo line $i; sleep 1; done; echo result > /dev/termination-log; exit 3"
                let made = try await client.createPod(pod("p", script), in: namespace)
                let again = await error { try await client.createPod(pod("p", script), in: namespace) }
                #expect(again?.kind == .alreadyExists)
                try await client.createSecret("p", in: namespace, values: ["A": "b"], owner: made)
                await phases.wait { $0.contains { $0.phase == .failed } }
                let ended = phases.all.last { $0.phase == .failed }?.container("main")?.terminated
                #expect(ended?.exitCode == 3)
                #expect(ended?.message == "result\n")
                let lines = Gathered<String>()
                let end = ContainerEnd()
                end.announce()
                try await LogFollower(client, pod: "p", namespace: namespace, container: "main").run(
                    until: end, tell: { lines.add($0.text) })
                #expect(lines.all == ["line 1", "line 2", "line 3"])
                let wrong = try await client.deletePod("p", in: namespace, uid: "00000000-0000-0000-0000-000000000000")
                #expect(!wrong)
                let right = try await client.deletePod("p", in: namespace, uid: made.metadata.uid)
                #expect(right)
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            let bad = await error { try await client.createPod(pod("Bad_Name", "true"), in: namespace) }
            #expect(bad?.status == 422)
            let review = try await client.reviewAccess("create", "pods", in: namespace)
            #expect(review.isAllowed)
        }
    }
}

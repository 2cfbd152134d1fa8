import ClusterSupport
import Documents
import Foundation
import Orchestrate
import Testing

@testable import Serve

@Suite("Pods on Home")
struct PodPageTests {
    @Test("the pods of the project's tasks are shown with phase, node and reason, and those of others are not")
    func pods() async throws {
        let server = try TestAPIServer()
        try await server.start()
        server.accept(tokens: "of-the-test")
        let place = NSTemporaryDirectory() + "leat-pods-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let config = """
            current-context: c
            clusters: [{name: c, cluster: {server: "\(server.address)"}}]
            users: [{name: u, user: {token: of-the-test}}]
            contexts: [{name: c, context: {cluster: c, user: u, namespace: jobs}}]
            """
        try Data(config.utf8).write(to: URL(filePath: place + "/kubeconfig"))
        let site = try await TestSite.start(
            leatYML: """
                name: waterworks
                version: 1
                kubernetes: {image: "leat:1"}
                pipelines:
                  hourly:
                    tasks:
                      fill: {command: "true", executor: kubernetes}
                """, environment: ["KUBECONFIG": place + "/kubeconfig"])
        for (name, project, phase) in [
            ("mine", "waterworks", "Running"), ("waits", "waterworks", "Pending"), ("other", "else", "Running"),
        ] {
            let key = ObjectStore.Key("pods", "jobs", name)
            let identity = PodIdentity(
                project: project, run: RunID(pipeline: "hourly", name: "one"), key: AttemptKey(task: "fill", number: 2))
            _ = try server.store.create(
                key,
                [
                    "metadata": [
                        "labels": .object(JSON.Members(identity.labels.map { ($0.key, .string($0.value)) })),
                        "annotations": .object(JSON.Members(identity.annotations.map { ($0.key, .string($0.value)) })),
                    ],
                    "spec": ["nodeName": .string("node-of-\(name)"), "containers": [["name": "leat", "image": "leat:1"]]],
                ])
            try server.store.update(key) { pod in
                pod.set(.string(phase), at: "status", "phase")
                if phase == "Pending" {
                    pod.set(
                        [["type": "PodScheduled", "status": "False", "reason": "Unschedulable <b>"]], at: "status", "conditions")
                }
            }
        }
        let client = try await site.client(.viewer)
        let page = try await client.get("/health/details").text
        #expect(page.contains("2 pods: 1 pending, 1 running"), "\(page)")
        #expect(page.contains("node-of-mine") && page.contains("try 2") && page.contains("Unschedulable &lt;b&gt;"))
        #expect(!page.contains("node-of-other"))
        await server.stop()
        try await site.stop()
        try FileManager.default.removeItem(atPath: place)
    }

    @Test("a cluster that does not answer is told of, and the rest of the page stands")
    func unreachable() async throws {
        let place = NSTemporaryDirectory() + "leat-pods-\(UUID().uuidString)"
        let site = try await TestSite.start(
            leatYML: """
                name: waterworks
                version: 1
                kubernetes: {image: "leat:1"}
                pipelines:
                  hourly: {tasks: {fill: {command: "true", executor: kubernetes}}}
                """, environment: ["KUBECONFIG": place + "/nowhere"])
        let page = try await site.client(.viewer).get("/health/details")
        #expect(page.status == 200 && page.text.contains("s-failed\"><i aria-hidden=\"true\"></i>Cluster"), "\(page.text)")
        #expect(page.text.contains("Scheduler"))
        try await site.stop()
    }
}

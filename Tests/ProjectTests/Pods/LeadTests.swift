import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Orchestrate
import TestSupport
import Testing

extension ProgramTests {
    @Suite("Several servers that share a lease, by the program")
    struct LeadTests {
        private static let done = PodResult(.success(TaskOutcome(message: "done"))).terminationMessage

        private static func status(_ port: Int, _ path: String) async throws -> Int {
            try await PlainHTTP.send("GET", port: port, path: path).status
        }

        @Test(
            "one serves and the other stands by; when that one is killed, the other goes on with its pods, each of which runs once"
        )
        func takeover() async throws {
            let tasks = (0..<10).map { "      t\($0): {command: [\"true\"]}" }.joined(separator: "\n")
            let project = try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs}
                pipelines:
                  wide:
                    defaults: {executor: kubernetes}
                    tasks:
                \(tasks)
                """)
            let gate = Gathered<Bool>()
            try await ProgramCluster.with(
                in: project.directory,
                { pod in
                    // Two are those of the servers.
                    pod.metadata.name.hasPrefix("leat-t")
                        ? [.scheduled(), .running, .holds(gate), .ended(code: 0, message: Self.done)] : []
                }
            ) { cluster in
                for name in ["leat-a", "leat-b"] {
                    let pod: JSON = ["metadata": [:], "spec": ["containers": [["name": "leat", "image": "shop:1"]]]]
                    _ = try cluster.server.store.create(ObjectStore.Key("pods", "jobs", name), pod)
                }
                func serve(_ pod: String, _ more: String...) throws -> LeatProcess {
                    try LeatProcess(
                        // No shorter: who cannot renew in time, on a machine with much to do, gives up the lead.
                        ["serve", "--lease", "leat", "--lease-seconds", "12", "--log-format", "json"] + more,
                        in: project.directory,
                        environment: cluster.environment.merging(["LEAT_POD_NAME": pod]) { $1 })
                }
                func leaders() -> [String] {
                    cluster.server.store.pods.filter { $0.metadata.labels["leat.dev/role"] == "leader" }.map(\.metadata.name)
                }
                func wait(for process: LeatProcess, _ event: String) async throws {
                    try await process.wait(for: "\"\(event)\"")
                }
                let first = try serve("leat-a", "--no-web")
                try await wait(for: first, "scheduler_started")
                #expect(leaders() == ["leat-a"])
                let port = try TestCluster.freePort()
                let second = try serve("leat-b", "--port", String(port))
                try await wait(for: second, "standby")
                try await second.wait { (try? await Self.status(port, "/health/live")) != nil }
                #expect(try await Self.status(port, "/health/live") == 200)
                #expect(try await Self.status(port, "/health") == 503)
                #expect(try await project.run("trigger", "wide", "--run-id", "r").status == 0)
                func started() -> Int { cluster.kubelet.startedPods.keys.count { $0.hasPrefix("leat-t") } }
                try await first.wait { started() == 10 }
                #expect(!second.outputSoFar.contains("scheduler_started"))
                first.send(SIGKILL)
                #expect(try await first.ended().wasKilled)
                try await wait(for: second, "listening")
                #expect(leaders().contains("leat-b"))
                gate.add(true)
                try await second.wait {
                    try await project.json("runs", "wide").array?.first?["state"]?.string == "success"
                }
                #expect(try await Self.status(port, "/health") == 200)
                second.send(SIGTERM)
                #expect(try await second.ended().status == 0)
                let creations = cluster.server.store.creations.filter { $0.key.hasPrefix("leat-t") }
                #expect(creations.count == 10 && creations.values.allSatisfy { $0 == 1 })
                #expect(cluster.kubelet.startedPods.values.allSatisfy { $0 == 1 })
                #expect(cluster.server.store.pods.map(\.metadata.name) == ["leat-a", "leat-b"])
                #expect(!leaders().contains("leat-b"))
                let lease = cluster.server.store.object(ObjectStore.Key("leases", "jobs", "leat")).map { Lease($0) }
                #expect(lease != nil && lease?.holder == nil)
            }
        }
    }
}

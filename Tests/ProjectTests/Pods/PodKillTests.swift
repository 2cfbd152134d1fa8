import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Orchestrate
import Testing

extension ProgramTests {
    @Suite("Programs that are killed while pods run")
    struct PodKillTests {
        private static let threeRows = PodResult(.success(TaskOutcome(message: "3 rows", rows: 3))).terminationMessage

        private static func project(_ count: Int) throws -> ScratchProject {
            let tasks = (0..<count).map { "      t\($0): {command: [\"true\"]}" }.joined(separator: "\n")
            return try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs, resources: {limits: {memory: 64Mi}}}
                pipelines:
                  wide:
                    max_active_tasks: \(count)
                    defaults: {executor: kubernetes}
                    tasks:
                \(tasks)
                """)
        }

        @Test(
            "a scheduler that is killed twice with 100 pods under way: each attempt has run exactly once, and tells each line once"
        )
        func scheduler() async throws {
            let project = try Self.project(100)
            let (some, rest) = (Gathered<Bool>(), Gathered<Bool>())
            try await ProgramCluster.with(
                in: project.directory,
                { pod in
                    // Half of them end while nobody looks.
                    let isEven = (pod.metadata.annotations["leat.dev/task"]?.last).flatMap { Int(String($0)) }.map { $0 % 2 == 0 }
                    return [
                        .scheduled(), .running, .log(["one"]), .holds(isEven == true ? some : rest), .log(["two"]),
                        .ended(code: 0, message: Self.threeRows),
                    ]
                }
            ) { cluster in
                let arguments = ["serve", "--no-web", "--log-format", "json"]
                func serve() throws -> LeatProcess {
                    try LeatProcess(arguments, in: project.directory, environment: cluster.environment)
                }
                #expect(try await project.run("trigger", "wide", "--run-id", "r").status == 0)
                let first = try serve()
                // In the midst of making them.
                try await first.wait { cluster.server.store.creations.count >= 30 }
                first.send(SIGKILL)
                #expect(try await first.ended().wasKilled)
                let second = try serve()
                cluster.server.cutWithinNextObject()
                try await second.wait { cluster.kubelet.startedPods.count == 100 }
                let pods = try await LeatProcess.run(["pods"], in: project.directory, environment: cluster.environment)
                #expect(pods.output.split(separator: "\n").count { $0.contains("Running") && $0.contains("jobs-1") } == 100)
                second.send(SIGKILL)
                #expect(try await second.ended().wasKilled)
                some.add(true)
                while cluster.server.store.pods.count(where: { $0.phase == .succeeded }) < 50 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                await cluster.server.stop()
                cluster.server.store.compact()
                let third = try serve()
                try await cluster.server.start()
                rest.add(true)
                try await third.wait { try await project.json("runs", "wide").array?.first?["state"]?.string == "success" }
                third.send(SIGTERM)
                #expect(try await third.ended().status == 0)
                let tasks = try await project.json("run", "show", "wide")["tasks"]?.array ?? []
                #expect(tasks.count == 100)
                #expect(tasks.allSatisfy { $0["attempts"]?.int == 1 && $0["rows"]?.int == 3 && $0["state"]?.string == "success" })
                #expect(cluster.server.store.creations.count == 100)
                #expect(cluster.server.store.creations.values.allSatisfy { $0 == 1 })
                #expect(cluster.kubelet.startedPods.values.allSatisfy { $0 == 1 })
                #expect(cluster.server.store.pods.isEmpty)
                #expect(cluster.server.store.objects("secrets").isEmpty)
                for task in ["t0", "t7", "t99"] {
                    let log = try await project.run("logs", "wide", task)
                    let lines = log.output.split(separator: "\n")
                    #expect(lines.count { $0.hasSuffix("one") } == 1, "\(log.output)\(log.errors)")
                    #expect(lines.count { $0.hasSuffix("two") } == 1)
                }
            }
        }

        @Test("pods of a `leat run` that was killed are ended by whoever comes next, and those of other records are not")
        func run() async throws {
            let project = try Self.project(3)
            let other = try Self.project(3)
            try await ProgramCluster.with(in: project.directory, { _ in [.scheduled(), .running, .log(["one"])] }) { cluster in
                for folder in [project.directory, other.directory] {
                    let run = try LeatProcess(["run", "wide"], in: folder, environment: cluster.environment)
                    let before = cluster.kubelet.startedPods.count
                    try await run.wait { cluster.kubelet.startedPods.count == before + 3 }
                    run.send(SIGKILL)
                    #expect(try await run.ended().wasKilled)
                }
                #expect(cluster.server.store.pods.count == 6)
                let names = Set(cluster.server.store.pods.map(\.metadata.name))
                let serve = try LeatProcess(["serve", "--no-web"], in: project.directory, environment: cluster.environment)
                try await serve.wait { cluster.server.store.pods.count == 3 }
                serve.send(SIGTERM)
                #expect(try await serve.ended().status == 0)
                let listed = try await LeatProcess.run(["status"], in: other.directory, environment: cluster.environment)
                #expect(listed.output.split(separator: "\n").count { $0.contains("Running") } == 3)
                let again = try LeatProcess(["serve", "--no-web"], in: other.directory, environment: cluster.environment)
                try await again.wait { cluster.server.store.pods.isEmpty }
                again.send(SIGTERM)
                #expect(try await again.ended().status == 0)
                #expect(names.count == 6)
                #expect(cluster.server.store.objects("secrets").isEmpty)
            }
        }
    }
}

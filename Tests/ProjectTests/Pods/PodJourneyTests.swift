import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

extension ProgramTests {
    /// The main job once more, with each task in a pod: pods are processes here, but all between them and the program is real.
    @Suite("Tasks in pods, by the program")
    struct PodJourneyTests {
        @Test("the example gives the same mart, from one pod for each sync, model and test")
        func journey() async throws {
            try await withExample { example in
                let folder = example.directory.appending(path: ".leat/pods")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let server = try TestAPIServer()
                try await server.start()
                let kubeconfig = try ProgramCluster.kubeconfig(of: server, in: folder)
                let kubelet = ProcessKubelet(server.store, program: LeatProcess.binary.path, folder: folder) { pod in
                    // Each pod has a copy of the project, as from its image.
                    let copy = folder.appending(path: "\(pod.metadata.uid).project")
                    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
                    for item in ["leat.yml", "dbt"] {
                        try FileManager.default.copyItem(
                            at: ExampleCopy.original.appending(path: item), to: copy.appending(path: item))
                    }
                    return ["LEAT_PROJECT_DIR": copy.path]
                }
                let running = Task { await kubelet.run() }
                let environment = example.environment.merging([
                    "LEAT_EXECUTOR": "kubernetes", "KUBECONFIG": kubeconfig, "WAREHOUSE_PASSWORD": "warehouse",
                ]) { $1 }
                let run = try await LeatProcess.run(
                    ["run", "transformations"], in: example.directory, environment: environment)
                #expect(run.status == 0, "\(run.output)\n\(run.errors)")
                try await JourneyTests.expectRightMart(in: example)
                #expect(server.store.creations.count > 30)
                #expect(server.store.creations.values.allSatisfy { $0 == 1 })
                #expect(server.store.pods.isEmpty)
                #expect(server.store.objects("secrets").isEmpty)
                let pods = try await LeatProcess.run(["pods"], in: example.directory, environment: environment)
                #expect(pods.output.contains("no pods in the namespace 'jobs'"))
                running.cancel()
                server.store.ring()
                await running.value
                await server.stop()
            }
        }
    }
}

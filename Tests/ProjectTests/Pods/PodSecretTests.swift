import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Orchestrate
import TestSupport
import Testing

@testable import Project

extension ProgramTests {
    /// What the program hands to pods that others must not see, and what it keeps to itself.
    @Suite("Secrets of pods, by the program")
    struct PodSecretTests {
        private static let done = PodResult(.success(TaskOutcome(message: "done"))).terminationMessage

        private static func project(_ more: String = "") throws -> ScratchProject {
            try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs, secrets: {DB_PASSWORD: "{{ env_var('DB_PASSWORD') }}"}}
                pipelines:
                  nightly:
                    defaults: {executor: kubernetes}
                    tasks:
                      named: {command: ["echo", "{{ secret('billing') }}", "{{ var('batch') }}", "{{ conn.crm.password }}"]}
                      plain: {command: ["true"], kubernetes: {secrets: [API_TOKEN]}}
                \(more)
                """)
        }

        private static func set(_ project: ScratchProject, _ environment: [String: String], _ values: [([String], String)])
            async throws
        {
            for (arguments, input) in values {
                let ended = try await LeatProcess.run(
                    arguments, in: project.directory, environment: environment, input: input)
                #expect(ended.status == 0, "\(arguments): \(ended.errors)")
            }
        }

        @Test(
            "no key of the store reaches the cluster, and what is secret only in a secret that the pod owns",
            arguments: [false, true])
        func keys(inEnvironment: Bool) async throws {
            let project = try Self.project()
            try await ProgramCluster.with(
                in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: Self.done)] }
            ) { cluster in
                var environment = cluster.environment.merging([
                    "DB_PASSWORD": "pw-of-the-warehouse", "API_TOKEN": "token-of-the-api", "LEAT_SECRET_EXTRA": "extra-of-leat",
                ]) { $1 }
                var keys: [String] = []
                if inEnvironment {
                    let made = try await LeatProcess.run(["secrets", "key"], in: project.directory, environment: environment)
                    let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
                    environment["LEAT_SECRET_KEY"] = key
                    keys.append(key)
                }
                try await Self.set(
                    project, environment,
                    [
                        (["secrets", "set", "billing"], "stored-secret-1"), (["secrets", "set", "unused"], "stored-secret-2"),
                        (["variables", "set", "batch", "100", "--type", "int"], ""),
                        (["conn", "set", "crm", "--uri"], "http://anna:stored-secret-3@crm.example"),
                    ])
                if !inEnvironment {
                    let file = project.directory.appending(path: ".leat/secret.key")
                    keys.append(try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
                }
                let run = try await LeatProcess.run(["run", "nightly"], in: project.directory, environment: environment)
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                let pods = cluster.created.all("pods").map { $0.text() }.joined()
                let secrets = ["named", "plain"].map { cluster.created.secret(of: $0) }
                let inSecrets = secrets.flatMap(\.values).joined(separator: "\n")
                #expect(pods.utf8.count > 1000 && inSecrets.utf8.count > 200)
                for key in keys {
                    #expect(key.utf8.count >= 32)
                    for text in [key, Data(key.utf8).base64EncodedString()] {
                        #expect(!pods.contains(text) && !inSecrets.contains(text))
                    }
                }
                #expect(!pods.contains("SECRET_KEY") && secrets.allSatisfy { $0.keys.allSatisfy { !$0.contains("SECRET_KEY") } })
                for word in ["pw-of-the-warehouse", "token-of-the-api", "extra-of-leat", "stored-secret"] {
                    #expect(!pods.contains(word) && !pods.contains(Data(word.utf8).base64EncodedString()), "\(word)")
                }
                #expect(
                    secrets.allSatisfy {
                        $0["DB_PASSWORD"] == "pw-of-the-warehouse" && $0["LEAT_SECRET_EXTRA"] == "extra-of-leat"
                    })
                #expect(secrets[1]["API_TOKEN"] == "token-of-the-api" && secrets[0]["API_TOKEN"] == nil)
                // Of what is stored only what leat.yml names goes along.
                #expect(inSecrets.contains("stored-secret-1") && inSecrets.contains("stored-secret-3"))
                #expect(!inSecrets.contains("stored-secret-2"))
                for secret in cluster.created.all("secrets") {
                    let owner = secret.at("metadata", "ownerReferences")?[0]
                    #expect(owner?["kind"]?.string == "Pod" && owner?["uid"]?.string?.isEmpty == false)
                    #expect(owner?["name"] == secret.at("metadata", "name"))
                }
                #expect(cluster.server.store.objects("secrets").isEmpty)
            }
        }

        @Test("what a pod is given as a secret is hidden in its own log too, whatever its name")
        func ownLog() async throws {
            let project = try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs, secrets: {PW: "hunter2secret"}}
                pipelines:
                  nightly:
                    defaults: {executor: kubernetes}
                    tasks: {say: {command: "echo pw=$PW"}}
                """)
            try await ProgramCluster.with(
                in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: Self.done)] }
            ) { cluster in
                let run = try await LeatProcess.run(["run", "nightly"], in: project.directory, environment: cluster.environment)
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                let secret = cluster.created.secret(of: "say")
                #expect(secret["PW"] == "hunter2secret")
                let pod = try await LeatProcess.run(
                    ["task", "run", "--spec", "env"], in: project.directory,
                    environment: secret.merging(["LEAT_PROJECT_DIR": project.directory.path]) { $1 })
                #expect(pod.status == 0 && pod.output.contains("pw=***"), "\(pod.output)\(pod.errors)")
                #expect(!(pod.output + pod.errors).contains("hunter2secret"))
            }
        }

        @Test("a pod uses values of the store and definitions made by API that only the scheduler's machine has")
        func handover() async throws {
            let project = try Self.project("      moved: {sync: Orders}")
            let folder = project.directory.path
            let environment = ["DB_PASSWORD": "x"]
            let loaded: @Sendable () throws -> LeatProject = { try LeatProject.load(from: folder, environment: environment) }
            let closed = try TestCluster.freePort()
            let file = try String(contentsOf: project.directory.appending(path: "leat.yml"), encoding: .utf8)
            // A pipeline may name a connection that is made by API only once it is there.
            try project.write(file.replacing("      moved: {sync: Orders}", with: ""))
            let current = try CurrentProject(try loaded(), read: loaded)
            let definitions = ProjectDefinitions(current)
            let author = Author("anna")
            for (kind, name) in [(Definition.Kind.source, "shop"), (.destination, "store")] {
                let config: JSON = [
                    "host": "localhost", "port": .int(closed), "database": "d", "username": "u",
                    "password": .string("made-secret-\(name)"),
                ]
                _ = try await definitions.create(
                    kind, name: name, content: ["connector": "postgres", "config": config], by: author)
            }
            let connection: JSON = ["source": "shop", "destination": "store", "streams": [["name": "orders"]]]
            _ = try await definitions.create(.connection, name: "Orders", content: connection, by: author)
            try project.write(file)
            try await Self.set(
                project, environment,
                [
                    (["secrets", "set", "billing"], "stored-secret-1"),
                    (["variables", "set", "batch", "100", "--type", "int"], ""),
                    (["conn", "set", "crm", "--uri"], "http://anna:stored-secret-3@crm.example"),
                ])
            try await ProgramCluster.with(
                in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: Self.done)] }
            ) { cluster in
                let run = try await LeatProcess.run(
                    ["run", "nightly"], in: project.directory,
                    environment: cluster.environment.merging(["DB_PASSWORD": "x", "API_TOKEN": "y"]) { $1 })
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                // The image: leat.yml and nothing else.
                let image = try ScratchProject(file)
                func pod(_ task: String) async throws -> LeatProcess.Ended {
                    var environment = cluster.created.secret(of: task)
                    environment["LEAT_PROJECT_DIR"] = image.directory.path
                    environment["LEAT_TERMINATION_LOG"] = image.directory.appending(path: "end").path
                    return try await LeatProcess.run(
                        ["task", "run", "--spec", "env"], in: image.directory, environment: environment)
                }
                let named = try await pod("named")
                #expect(named.status == 0, "\(named.output)\(named.errors)")
                #expect(named.output.contains("*** 100 ***"), "\(named.output)")
                #expect(!named.output.contains("stored-secret"))
                let spec = cluster.created.secret(of: "moved")["LEAT_TASK_SPEC"] ?? ""
                #expect(spec.contains("made-secret-shop") && spec.contains("made-secret-store"))
                #expect(!(cluster.created.secret(of: "named")["LEAT_TASK_SPEC"] ?? "").contains("made-secret"))
                // Nobody listens there; it is the definition's own address that is tried.
                let moved = try await pod("moved")
                #expect(moved.status == 1 && !moved.output.contains("made-secret"))
                #expect(moved.output.contains("localhost") && !moved.output.contains("no connection 'Orders'"), "\(moved.output)")
            }
        }
    }
}

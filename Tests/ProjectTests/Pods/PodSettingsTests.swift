import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Orchestrate
import Testing

extension ProgramTests {
    /// What `kubernetes:` of leat.yml says, and what arrives at the cluster.
    @Suite("Settings of pods, by the program")
    struct PodSettingsTests {
        /// One setting of a task, and a place of the pod that shows it.
        struct Row: Sendable {
            let task: String
            let setting: String
            let path: String
            let expected: JSON

            init(_ task: String, _ setting: String, _ path: String, _ expected: JSON) {
                self.task = task
                self.setting = setting
                self.path = path
                self.expected = expected
            }
        }

        private static let main = "spec.containers.0"

        static let rows: [Row] = [
            Row("image", "image: other:2", "\(main).image", "other:2"),
            Row("pull", "image_pull_policy: Always", "\(main).imagePullPolicy", "Always"),
            Row("pullsecrets", "image_pull_secrets: [registry]", "spec.imagePullSecrets", [["name": "registry"]]),
            Row("namespace", "namespace: elsewhere", "metadata.namespace", "elsewhere"),
            Row("account", "service_account: robot", "spec.serviceAccountName", "robot"),
            Row("token", "service_account: robot", "spec.automountServiceAccountToken", true),
            Row("notoken", "image: shop:1", "spec.automountServiceAccountToken", false),
            Row("selector", "node_selector: {component: jobs}", "spec.nodeSelector", ["component": "jobs"]),
            Row(
                "tolerations", "tolerations: [{key: jobs, operator: Exists, effect: NoSchedule}]", "spec.tolerations",
                [["key": "jobs", "operator": "Exists", "effect": "NoSchedule"]]),
            Row(
                "affinity", "affinity: {podAntiAffinity: {x: 1}}", "spec.affinity", ["podAntiAffinity": ["x": 1]]),
            Row("priority", "priority_class: low", "spec.priorityClassName", "low"),
            Row(
                "resources", "resources: {requests: {cpu: 300m, memory: 256Mi}, limits: {memory: 1Gi}}", "\(main).resources",
                ["requests": ["cpu": "300m", "memory": "256Mi"], "limits": ["memory": "1Gi"]]),
            Row("env", "env: {MODE: fast}", "\(main).env.MODE.value", "fast"),
            Row("envsecret", "env_from: [{secret: warehouse, prefix: PG_}]", "\(main).envFrom.1.secretRef.name", "warehouse"),
            Row("envprefix", "env_from: [{secret: warehouse, prefix: PG_}]", "\(main).envFrom.1.prefix", "PG_"),
            Row(
                "envmap", "env_from: [{config_map: common, optional: true}]", "\(main).envFrom.1.configMapRef",
                ["name": "common", "optional": true]),
            Row(
                "volumes", "volumes: [{name: scratch, emptyDir: {}}]", "spec.volumes.scratch",
                ["name": "scratch", "emptyDir": [:]]),
            Row(
                "mounts", "volume_mounts: [{name: scratch, mountPath: /scratch}]", "\(main).volumeMounts.scratch.mountPath",
                "/scratch"),
            Row("security", "security_context: {runAsUser: 4000}", "spec.securityContext.runAsUser", 4000),
            Row("nonroot", "security_context: {runAsUser: 4000}", "spec.securityContext.runAsNonRoot", true),
            Row(
                "container", "container_security_context: {readOnlyRootFilesystem: true}",
                "\(main).securityContext.readOnlyRootFilesystem", true),
            Row(
                "capabilities", "container_security_context: {readOnlyRootFilesystem: true}",
                "\(main).securityContext.capabilities.drop", ["ALL"]),
            Row("labels", "labels: {team: data}", "metadata.labels.team", "data"),
            Row("annotations", "annotations: {sidecar: \"false\"}", "metadata.annotations.sidecar", "false"),
            Row("template", "template: pod.yml", "spec.dnsPolicy", "None"),
            Row("templatebelow", "template: pod.yml", "\(main).image", "shop:1"),
            Row("projectdir", "project_dir: /srv/shop", "\(main).env.LEAT_PROJECT_DIR.value", "/srv/shop"),
            Row("grace", "grace_period: 90s", "spec.terminationGracePeriodSeconds", 90),
            // What is said further out.
            Row("outer", "image: shop:2", "\(main).env.FROM_TOP.value", "top"),
            Row("inner", "env: {FROM_PIPELINE: task}", "\(main).env.FROM_PIPELINE.value", "task"),
            Row("middle", "image: shop:2", "\(main).env.FROM_PIPELINE.value", "pipeline"),
            Row("joined", "resources: {requests: {cpu: \"2\"}}", "\(main).resources.limits.memory", "512Mi"),
        ]

        private static func project() throws -> ScratchProject {
            let tasks = rows.map { "      \($0.task): {command: [\"true\"], kubernetes: {\($0.setting)}}" }.joined(
                separator: "\n")
            let project = try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs, env: {FROM_TOP: top, FROM_PIPELINE: top}, resources: {limits: {memory: 512Mi}}}
                pipelines:
                  all:
                    max_active_tasks: 50
                    defaults: {executor: kubernetes, kubernetes: {env: {FROM_PIPELINE: pipeline, FROM_GROUP: pipeline}}}
                    tasks:
                \(tasks)
                      group:
                        kubernetes: {env: {FROM_GROUP: group}, labels: {level: group}}
                        tasks:
                          grouped: {command: ["true"]}
                          own: {command: ["true"], kubernetes: {labels: {level: task}}}
                """)
            try """
            apiVersion: v1
            kind: Pod
            spec:
              dnsPolicy: None
              containers: [{name: main, image: "old:1"}]
            """.write(to: project.directory.appending(path: "pod.yml"), atomically: true, encoding: .utf8)
            return project
        }

        /// A part of an object; items of lists by their number or name.
        private static func part(_ path: String, of object: JSON?) -> JSON? {
            path.split(separator: ".").reduce(object) { part, key in
                guard let items = part?.array else { return part?[String(key)] }
                return Int(key).map { items.indices.contains($0) ? items[$0] : nil }
                    ?? items.first { $0["name"]?.string == String(key) }
            }
        }

        private static let done = PodResult(.success(TaskOutcome(message: "done"))).terminationMessage

        @Test("each key of the task, its group, its pipeline and the top of the file reaches the pod, the inner one first")
        func settings() async throws {
            let project = try Self.project()
            try await ProgramCluster.with(
                in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: Self.done)] }
            ) { cluster in
                let run = try await LeatProcess.run(["run", "all"], in: project.directory, environment: cluster.environment)
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                for row in Self.rows {
                    let found = Self.part(row.path, of: cluster.created.pod(of: row.task))
                    #expect(found == row.expected, "\(row.setting): \(row.path)")
                }
                let (grouped, own) = (cluster.created.pod(of: "group.grouped"), cluster.created.pod(of: "group.own"))
                #expect(Self.part("spec.containers.0.env.FROM_GROUP.value", of: grouped) == "group")
                #expect(Self.part("metadata.labels.level", of: grouped) == "group")
                #expect(Self.part("metadata.labels.level", of: own) == "task")
                #expect(Self.part("spec.containers.0.env.FROM_GROUP.value", of: cluster.created.pod(of: "image")) == "pipeline")
            }
        }

        @Test("variables with the names of the platform that is replaced win over the file at run time")
        func variables() async throws {
            let project = try Self.project()
            try await ProgramCluster.with(
                in: project.directory, { _ in [.scheduled(), .running, .ended(code: 0, message: Self.done)] }
            ) { cluster in
                let variables = [
                    "DBT_IMAGE": "later:3", "DBT_JOB_NODE_SELECTOR": #"{"component": "other", "gpu": true, "zone": 1}"#,
                    "DBT_K8S_REQUESTS_CPU": "700m",
                    "DBT_K8S_REQUESTS_MEMORY": "2Gi", "DBT_K8S_STARTUP_TIMEOUT_SECONDS": "900",
                ]
                let run = try await LeatProcess.run(
                    ["run", "all"], in: project.directory, environment: cluster.environment.merging(variables) { $1 })
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                let pod = cluster.created.pod(of: "selector")
                #expect(Self.part("spec.containers.0.image", of: pod) == "later:3")
                #expect(Self.part("spec.nodeSelector", of: pod) == ["component": "other", "gpu": "true", "zone": "1"])
                #expect(Self.part("spec.containers.0.resources.requests", of: pod) == ["cpu": "700m", "memory": "2Gi"])
                #expect(Self.part("spec.containers.0.resources.limits", of: pod) == ["memory": "2Gi"])
                let bad = try await LeatProcess.run(
                    ["run", "all"], in: project.directory,
                    environment: cluster.environment.merging(["DBT_K8S_STARTUP_TIMEOUT_SECONDS": "soon"]) { $1 })
                #expect(bad.status != 0 && bad.errors.contains("DBT_K8S_STARTUP_TIMEOUT_SECONDS is a number of seconds"))
            }
        }

        @Test("the times to be scheduled and to start are those of the file, or of the variable")
        func timeouts() async throws {
            let project = try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs}
                pipelines:
                  slow:
                    defaults: {executor: kubernetes}
                    tasks:
                      nonode: {command: ["true"], kubernetes: {scheduling_timeout: 1s}}
                      nostart: {command: ["true"], kubernetes: {startup_timeout: 1s}}
                  late: {defaults: {executor: kubernetes}, tasks: {nostart: {command: ["true"]}}}
                """)
            try await ProgramCluster.with(
                in: project.directory,
                { pod in
                    pod.metadata.annotations["leat.dev/task"] == "nonode"
                        ? [.unschedulable("0/3 nodes are available")] : [.scheduled(), .waiting("ContainerCreating", "")]
                }
            ) { cluster in
                let slow = try await LeatProcess.run(["run", "slow"], in: project.directory, environment: cluster.environment)
                let text = slow.output + slow.errors
                #expect(slow.status == 1)
                #expect(text.contains("no node took the pod within 1s"), "\(text)")
                #expect(text.contains("0/3 nodes are available"))
                #expect(text.contains("the container did not start within 1s"))
                let late = try await LeatProcess.run(
                    ["run", "late"], in: project.directory,
                    environment: cluster.environment.merging(["DBT_K8S_STARTUP_TIMEOUT_SECONDS": "2"]) { $1 })
                #expect((late.output + late.errors).contains("the container did not start within 2s"))
                #expect(cluster.server.store.pods.isEmpty)
            }
        }

        @Test("pods go always, on success, or never, and those that stay say how long")
        func deletePolicy() async throws {
            let project = try ScratchProject(
                """
                name: shop
                version: 1
                kubernetes: {image: "shop:1", namespace: jobs}
                pipelines:
                  mixed:
                    defaults: {executor: kubernetes}
                    tasks:
                      always: {command: ["true"], kubernetes: {delete: always}}
                      always_failed: {command: ["true"], kubernetes: {delete: always}}
                      success: {command: ["true"], kubernetes: {delete: on_success}}
                      success_failed: {command: ["true"], kubernetes: {delete: on_success, ttl: 1h}}
                      never: {command: ["true"], kubernetes: {delete: never}}
                      never_failed: {command: ["true"], kubernetes: {delete: never}}
                """)
            try await ProgramCluster.with(
                in: project.directory,
                { pod in
                    pod.metadata.annotations["leat.dev/task"]?.hasSuffix("failed") == true
                        ? [.scheduled(), .running, .ended(code: 3)]
                        : [.scheduled(), .running, .ended(code: 0, message: Self.done)]
                }
            ) { cluster in
                let run = try await LeatProcess.run(["run", "mixed"], in: project.directory, environment: cluster.environment)
                #expect(run.status == 1)
                let left = Dictionary(
                    cluster.server.store.pods.map { ($0.metadata.annotations["leat.dev/task"] ?? "", $0) },
                    uniquingKeysWith: { $1 })
                #expect(left.keys.sorted() == ["never", "never_failed", "success_failed"])
                #expect(left.values.allSatisfy { $0.metadata.labels["leat.dev/recorded"] == "true" })
                let expiry = try #require(
                    left["success_failed"]?.metadata.annotations["leat.dev/delete-after"].flatMap { Int($0) })
                #expect(expiry > Int(Date().timeIntervalSince1970) + 1800)
                #expect(left["never"]?.metadata.annotations["leat.dev/delete-after"] == nil)
                let listed = try await LeatProcess.run(["pods"], in: project.directory, environment: cluster.environment)
                let line = try #require(listed.output.split(separator: "\n").first { $0.contains("success_failed") })
                // Task, try, phase, node, reason, restarts, age.
                let columns = line.split(separator: " ").filter { $0 != "|" }.map(String.init)
                #expect(
                    columns.dropFirst().prefix(6) == ["success_failed", "1", "Failed", "jobs-1", "Error", "0"], "\(listed.output)"
                )
            }
        }
    }
}

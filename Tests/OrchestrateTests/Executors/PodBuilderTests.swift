import Documents
import Kubernetes
import Testing

@testable import Orchestrate

@Suite("Pods of attempts")
struct PodBuilderTests {
    private func identity(_ task: String, run: String = "r", number: Int = 1) -> PodIdentity {
        PodIdentity(
            project: "shop", store: "s", run: RunID(pipeline: "p", name: run), key: AttemptKey(task: TaskID(task), number: number)
        )
    }

    @Test(
        "names and labels are what the cluster takes, whatever the task is called",
        arguments: [
            "ingest", "transformations.stg_clients__engagement_metrics.run", "Ärger.mit.Ünïcode", "日本",
            String(repeating: "x", count: 300),
        ])
    func names(task: String) {
        let identity = identity(task, run: "scheduled__2024-09-18T12:00:00+00:00")
        #expect(identity.name.utf8.count <= 63)
        #expect(identity.name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil)
        for value in identity.labels.values {
            #expect(value.utf8.count <= 63)
            #expect(value.wholeMatch(of: /(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?/) != nil, "\(value)")
        }
        #expect(identity.annotations["leat.dev/task"] == task)
    }

    @Test("the same attempt has the same pod, any other another")
    func identities() {
        #expect(identity("a") == identity("a"))
        let names = [
            identity("a"), identity("a", number: 2), identity("b"), identity("a", run: "s"), identity("a.b"), identity("a-b"),
        ]
        #expect(Set(names.map(\.name)).count == names.count)
    }

    @Test("a template lies below what the settings say; lists of named things are joined by name")
    func template() {
        var settings = PodSettings(image: "leat:2", namespace: "jobs")
        settings.template = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["labels": ["team": "data", "leat.dev/attempt": "forged"], "annotations": ["a": "b"]],
            "spec": [
                "containers": [
                    [
                        "name": "main", "image": "old:1",
                        "env": [
                            ["name": "A", "value": "1"],
                            ["name": "B", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]],
                        ],
                        "volumeMounts": [["name": "data", "mountPath": "/a"], ["name": "data", "mountPath": "/b"]],
                        "securityContext": ["readOnlyRootFilesystem": true],
                    ],
                    ["name": "proxy", "image": "proxy:1"],
                ],
                "volumes": [["name": "data", "emptyDir": [:]]], "securityContext": ["runAsUser": 4000],
                "tolerations": [["key": "old"]],
            ],
        ]
        settings.environment = ["B": "3"]
        settings.volumes = [["name": "data", "persistentVolumeClaim": ["claimName": "orders"]]]
        settings.volumeMounts = [["name": "data", "mountPath": "/b", "readOnly": true]]
        settings.tolerations = [["key": "jobs", "operator": "Exists"]]
        settings.requests = ["cpu": "300m"]
        settings.nodeSelector = ["component": "jobs"]
        let identity = identity("ingest")
        let pod = PodBuilder(settings: settings, identity: identity).pod()
        let containers = pod.at("spec", "containers")?.array ?? []
        #expect(containers.map { $0["image"]?.string } == ["leat:2", "proxy:1"])
        let env = containers[0]["env"]?.array ?? []
        #expect(env.first { $0["name"]?.string == "A" }?["value"]?.string == "1")
        // One choice takes the place of another.
        #expect(env.first { $0["name"]?.string == "B" } == ["name": "B", "value": "3"])
        #expect(
            pod.at("spec", "volumes") == [["name": "data", "persistentVolumeClaim": ["claimName": "orders"]]])
        #expect(
            containers[0]["volumeMounts"] == [
                ["name": "data", "mountPath": "/a"], ["name": "data", "mountPath": "/b", "readOnly": true],
            ])
        #expect(containers[0].at("securityContext", "readOnlyRootFilesystem")?.bool == true)
        #expect(containers.allSatisfy { $0.at("securityContext", "allowPrivilegeEscalation")?.bool == false })
        #expect(pod.at("spec", "securityContext", "runAsUser")?.int == 4000)
        #expect(pod.at("spec", "securityContext", "runAsNonRoot")?.bool == true)
        #expect(pod.at("spec", "tolerations")?.array?.map { $0["key"]?.string } == ["jobs"])
        #expect(pod.at("spec", "nodeSelector", "component")?.string == "jobs")
        #expect(pod.at("spec", "automountServiceAccountToken")?.bool == false)
        #expect(pod.at("metadata", "labels", "team")?.string == "data")
        #expect(pod.at("metadata", "labels", "leat.dev/attempt")?.string == identity.labels["leat.dev/attempt"])
        #expect(containers[0].at("resources", "requests", "cpu")?.string == "300m")
    }

    @Test("what a task tells is read back as it was, and other lines are not taken for it")
    func messages() {
        let outcomes: [Result<TaskOutcome, TaskFailure>] = [
            .success(TaskOutcome(output: ["a": [1, 2]], message: "m", rows: 1, bytes: 2)), .success(.skipped("nothing")),
            .success(TaskOutcome(continuation: .only(["a", "b"]))), .success(TaskOutcome(continuation: .stop(directOnly: true))),
            .failure(TaskFailure("broken\nin two lines", code: "x.y", hint: "h", details: ["d"], isRetryable: false)),
        ]
        for outcome in outcomes {
            let result = PodResult(outcome)
            #expect(PodResult(terminationMessage: result.terminationMessage) == result)
            #expect(PodMessage(line: PodMessage.result(result).line) == .result(result))
        }
        let line = LogLine("text with \"quotes\"", level: .warning, stream: "dbt")
        #expect(PodMessage(line: PodMessage.log(line).line) == .log(line))
        #expect(PodMessage(line: "::leat::nonsense") == nil)
        #expect(PodMessage(line: "plain") == nil)
        #expect(PodResult(terminationMessage: "Killed") == nil)
    }

    @Test("the specification of a task is read back as it was")
    func spec() throws {
        var request = RunRequest(kind: .scheduled, name: "n", parameters: ["a": 1])
        request.logicalDate = Timestamp(microseconds: 1_700_000_000_123_456)
        request.dataInterval = DataInterval(start: Timestamp(seconds: 1), end: Timestamp(seconds: 2))
        let run = RunContext(id: RunID(pipeline: "p", name: "n"), request: request, startedAt: Timestamp(seconds: 5))
        let task = TaskDefinition(id: "g.t", group: "g", kind: "sql", work: ["entry": "g.t"])
        let attempt = TaskAttempt(run: run, task: task, number: 3, outputs: TaskOutputs(["before": ["rows": 7]]))
        let spec = PodTaskSpec(attempt, tasks: ["before", "g.t"])
        #expect(try PodTaskSpec(parsing: spec.json.text()) == spec)
        #expect(throws: TaskFailure.self) { try PodTaskSpec(parsing: "{}") }
    }
}

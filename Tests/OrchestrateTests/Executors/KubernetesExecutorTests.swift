import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Synchronization
import Testing

@testable import Orchestrate

/// A cluster with a scripted kubelet, and an executor for it.
struct PodHarness: Sendable {
    let server: TestAPIServer
    let kubelet: ScriptedKubelet
    let executor: KubernetesExecutor
    let clock: TestClusterClock
    var settings = {
        var settings = PodSettings(image: "leat:1", namespace: "jobs")
        // Longer than what the clock of the tests lets pass at once.
        settings.gracePeriodSeconds = 300
        return settings
    }()
    let reports = Gathered<TaskReport>()

    static func with(
        clock: TestClusterClock = TestClusterClock(), _ script: @escaping @Sendable (Pod) -> [ScriptedKubelet.Step],
        _ body: (PodHarness) async throws -> Void
    ) async throws {
        let server = try TestAPIServer()
        try await server.start()
        let kubelet = ScriptedKubelet(server.store, script: script)
        let running = Task { await kubelet.run() }
        let executor = try makeExecutor(server, clock)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(PodHarness(server: server, kubelet: kubelet, executor: executor, clock: clock)))
        } catch {
            result = .failure(error)
        }
        await executor.close()
        running.cancel()
        server.store.ring()
        await running.value
        await server.stop()
        try result.get()
    }

    static func makeExecutor(_ server: TestAPIServer, _ clock: TestClusterClock) throws -> KubernetesExecutor {
        let client = try KubernetesClient(try ClusterConfiguration(server: server.address), clock: clock)
        return KubernetesExecutor(PodCluster(client, project: "shop", store: "s", ended: { _ in [:] }))
    }

    func attempt(
        _ task: TaskID = "ingest", number: Int = 1, resumption: TaskAttempt.Resumption = .none,
        detachment: Detachment = Detachment(), logPath: String? = nil
    ) -> TaskAttempt {
        let run = RunContext(
            id: RunID(pipeline: "nightly", name: "manual__2026"), request: RunRequest(kind: .manual),
            startedAt: Timestamp(seconds: 0))
        return TaskAttempt(
            run: run, task: TaskDefinition(id: task, isDurable: true), number: number, resumption: resumption, logPath: logPath,
            detachment: detachment)
    }

    func order(_ attempt: TaskAttempt, secrets: [String: String] = [:]) -> KubernetesExecutor.Order {
        KubernetesExecutor.Order(settings: settings, spec: PodTaskSpec(attempt, tasks: []), secrets: secrets)
    }

    func run(_ attempt: TaskAttempt? = nil) async throws -> TaskOutcome {
        let attempt = attempt ?? self.attempt()
        return try await executor.execute(attempt, order(attempt)) { reports.add($0) }
    }

    /// The failure of an attempt.
    func failure(_ attempt: TaskAttempt? = nil) async -> TaskFailure? {
        do {
            _ = try await run(attempt)
            return nil
        } catch {
            return error as? TaskFailure ?? TaskFailure(error)
        }
    }

    /// The lines of the log that came from the pod.
    var lines: [String] {
        reports.all.compactMap { report in
            guard case .log(let line) = report, line.stream != "kubernetes" else { return nil }
            return line.text
        }
    }

    /// What was said of the pod.
    var notes: [String] {
        reports.all.compactMap { report in
            guard case .log(let line) = report, line.stream == "kubernetes" else { return nil }
            return line.text
        }
    }
}

let threeRows = PodResult(.success(TaskOutcome(output: ["rows": 3], message: "3 rows", rows: 3))).terminationMessage

private func logLine(_ text: String) -> String { PodMessage.log(LogLine(text, stream: "sync")).line }

@Suite("Tasks in pods", .timeLimit(.minutes(10)))
struct KubernetesExecutorTests {
    @Test("a task's output, rows, progress and log come back from its pod, and the pod goes once that is recorded")
    func success() async throws {
        try await PodHarness.with({ _ in
            [
                .scheduled(), .running,
                .log([logLine("one"), "plain", PodMessage.progress(TaskProgress(rows: 2)).line, logLine("two")]),
                .ended(code: 0, message: threeRows),
            ]
        }) { harness in
            let outcome = try await harness.run()
            #expect(outcome == TaskOutcome(output: ["rows": 3], message: "3 rows", rows: 3))
            #expect(harness.lines == ["one", "plain", "two"])
            #expect(harness.reports.all.contains(.progress(TaskProgress(rows: 2))))
            #expect(harness.reports.all.contains(.began))
            let pod = try #require(harness.server.store.pods.first)
            #expect(pod.metadata.labels["leat.dev/task"] == "ingest")
            #expect(pod.json.at("spec", "securityContext", "runAsNonRoot")?.bool == true)
            harness.executor.attemptWasRecorded(harness.attempt())
            while !harness.server.store.pods.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            #expect(harness.server.store.objects("secrets").isEmpty)
        }
    }

    @Test("what is secret is in the pod's secret, which the pod owns, and nowhere in the pod")
    func secrets() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }) { harness in
            let attempt = harness.attempt()
            _ = try await harness.executor.execute(attempt, harness.order(attempt, secrets: ["DBT_PASSWORD": "s3cret-word"])) {
                _ in
            }
            let pod = try #require(harness.server.store.pods.first)
            #expect(!pod.json.text().contains("s3cret-word"))
            let secret = try #require(harness.server.store.objects("secrets").first)
            #expect(secret.at("data", "DBT_PASSWORD")?.string == Data("s3cret-word".utf8).base64EncodedString())
            #expect(secret.at("data", "LEAT_TASK_SPEC") != nil)
            #expect(secret.at("metadata", "ownerReferences")?[0]?["uid"]?.string == pod.metadata.uid)
        }
    }

    @Test("a result that has no room in the termination message is found in the log")
    func longResult() async throws {
        let outcome = TaskOutcome(output: .string(String(repeating: "x", count: 10_000)), message: "long")
        let result = PodResult(.success(outcome))
        #expect(result.terminationMessage.utf8.count < 4096)
        try await PodHarness.with({ _ in
            [.scheduled(), .running, .log([PodMessage.result(result).line]), .ended(code: 0, message: result.terminationMessage)]
        }) { harness in
            let result = try await harness.run()
            #expect(result == outcome)
        }
    }

    @Test("what the task itself says of its failure is what people read")
    func ownFailure() async throws {
        let failure = TaskFailure("3 rows failed the test", code: "dbt.test", details: ["select 1"], isRetryable: false)
        let message = PodResult(.failure(failure)).terminationMessage
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 1, message: message)] }) { harness in
            #expect(await harness.failure() == failure)
        }
    }

    @Test("an answer that was lost, and a pod that is there already, make no second pod")
    func lostAnswer() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }) { harness in
            harness.server.fail("create", "pods", .loseAnswer, .status(503), .status(429, retryAfter: 1))
            _ = try await harness.run()
            #expect(harness.server.store.creations.values.allSatisfy { $0 == 1 })
            #expect(harness.kubelet.startedPods.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("a pod of the same name that is of somebody else is left alone")
    func foreignPod() async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            let attempt = harness.attempt()
            let name = PodIdentity(project: "shop", store: "s", run: attempt.run.id, key: attempt.key).name
            let pod: JSON = ["metadata": [:], "spec": ["containers": [["name": "x", "image": "y"]]]]
            _ = try harness.server.store.create(ObjectStore.Key("pods", "jobs", name), pod)
            let failure = await harness.failure()
            #expect(failure?.code == "kubernetes.foreign_pod")
            #expect(harness.server.store.pods.count == 1)
        }
    }

    @Test("quota that is used up is waited for")
    func quota() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }) { harness in
            let refusals = Mutex(2)
            harness.server.store.setAdmission { resource, _ in
                let isFull = refusals.withLock { count in
                    guard resource == "pods", count > 0 else { return false }
                    count -= 1
                    return true
                }
                if isFull { throw ObjectStore.Refusal(403, "Forbidden", "pods \"x\" is forbidden: exceeded quota: compute") }
            }
            _ = try await harness.run()
            #expect(harness.notes.contains { $0.contains("quota") })
        }
    }

    @Test(
        "what rules of the cluster refuse is said, and not tried again",
        arguments: [
            ObjectStore.Refusal(403, "Forbidden", "violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation"),
            .init(403, "Forbidden", "unable to create new content in namespace jobs because it is being terminated"),
            .init(403, "Forbidden", "admission webhook \"policy\" denied the request: no"),
            .init(422, "Invalid", "Pod \"x\" is invalid: spec.containers[0].resources: must be less than the limit"),
        ])
    func admission(refusal: ObjectStore.Refusal) async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            harness.server.store.setAdmission { _, _ in throw refusal }
            let failure = await harness.failure()
            #expect(failure?.code == "kubernetes.invalid")
            #expect(failure?.isRetryable == false)
            #expect(failure?.details.first?.contains(refusal.message) == true)
        }
    }

    @Test("a webhook that does not answer for a while is waited for")
    func webhook() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }) { harness in
            let refusals = Mutex(20)
            harness.server.store.setAdmission { resource, _ in
                let fails = refusals.withLock { count in
                    guard resource == "pods", count > 0 else { return false }
                    count -= 1
                    return true
                }
                let words = "Internal error occurred: failed calling webhook \"policy\": context deadline exceeded"
                if fails { throw ObjectStore.Refusal(500, "InternalError", words) }
            }
            let outcome = try await harness.run()
            #expect(outcome.rows == 3)
            #expect(harness.notes.contains { $0.contains("failed calling webhook") })
        }
    }

    @Test("a pod that a finalizer holds does not hold the run that is cancelled")
    func finalizers() async throws {
        let reached = Gathered<Bool>()
        try await PodHarness.with({ _ in [.scheduled(), .running, .does { reached.add(true) }] }) { harness in
            var harness = harness
            harness.settings.gracePeriodSeconds = 30
            harness.settings.template = ["metadata": ["finalizers": ["example.com/keep"]]]
            let task = Task { [harness] in await harness.failure() }
            await reached.wait { !$0.isEmpty }
            task.cancel()
            #expect(await task.value?.code == "task.cancelled")
            #expect(harness.server.store.pods.map { $0.metadata.deletedAt != nil } == [true])
        }
    }

    @Test("a missing right to watch is said before anything is made")
    func noRight() async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            harness.server.deny("watch pods")
            let failure = await harness.failure()
            #expect(failure?.message == "the right to watch pods in namespace 'jobs' is missing")
            #expect(harness.server.store.pods.isEmpty)
        }
    }

    @Test("cancelled before, while and after it starts, an attempt leaves no pod", arguments: 0..<4)
    func cancelled(stage: Int) async throws {
        let reached = Gathered<Bool>()
        let all: [ScriptedKubelet.Step] = [.unschedulable("0/3 nodes are available"), .scheduled(), .running, .log(["x"])]
        let steps = Array(all.prefix(stage + 1)) + [.does { reached.add(true) }]
        try await PodHarness.with({ _ in steps }) { harness in
            let task = Task { await harness.failure() }
            await reached.wait { !$0.isEmpty }
            task.cancel()
            #expect(await task.value?.code == "task.cancelled")
            #expect(harness.server.store.pods.isEmpty)
            #expect(harness.server.store.objects("secrets").isEmpty)
        }
    }

    @Test("let go of, a pod goes on; who takes the attempt up gets its result, and each line of the log once")
    func resumes() async throws {
        let gate = Gathered<Bool>()
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-resume-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await PodHarness.with({ _ in
            [
                .scheduled(), .running, .log([logLine("one"), logLine("two")]), .holds(gate), .log([logLine("three")]),
                .ended(code: 0, message: threeRows),
            ]
        }) { harness in
            let detachment = Detachment()
            let first = harness.attempt(detachment: detachment)
            let log = AttemptLog(directory: folder, run: first.run.id, attempt: first.key)
            let keep: @Sendable (TaskReport) -> Void = { report in
                harness.reports.add(report)
                if case .log(let line) = report { log.append(line, at: line.time ?? Timestamp(seconds: 1)) }
            }
            let task = Task { try await harness.executor.execute(first, harness.order(first), report: keep) }
            await harness.reports.wait { reports in
                reports.contains { if case .log(let line) = $0 { line.text == "two" } else { false } }
            }
            detachment.request()
            task.cancel()
            _ = await task.result
            log.finish()
            #expect(harness.server.store.pods.count == 1)
            // Another process, with a client of its own.
            let other = try PodHarness.makeExecutor(harness.server, harness.clock)
            let second = harness.attempt(resumption: .running, logPath: log.path)
            async let outcome = other.execute(second, harness.order(second)) { harness.reports.add($0) }
            gate.add(true)
            #expect(try await outcome.rows == 3)
            #expect(harness.lines == ["one", "two", "three"])
            #expect(harness.kubelet.startedPods.values.allSatisfy { $0 == 1 })
            other.attemptWasRecorded(second)
            while !harness.server.store.pods.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            await other.close()
        }
    }

    @Test("an attempt that had begun and whose pod is gone is lost, and not begun again")
    func resumedWithoutPod() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 0, message: threeRows)] }) { harness in
            let failure = await harness.failure(harness.attempt(resumption: .running))
            #expect(failure?.code == "kubernetes.pod_lost")
            #expect(failure?.isInfrastructure == true)
            #expect(harness.server.store.creations.isEmpty)
            // One that was only handed over may not have been made at all.
            _ = try await harness.run(harness.attempt(resumption: .queued))
            #expect(harness.server.store.creations.count == 1)
        }
    }

    @Test("pods that failed stay where they are wanted, and go when their time is over")
    func deletePolicy() async throws {
        try await PodHarness.with({ _ in [.scheduled(), .running, .ended(code: 3)] }) { harness in
            var harness = harness
            harness.settings.deletePolicy = .onSuccess
            harness.settings.ttl = .seconds(60)
            #expect(await harness.failure() != nil)
            harness.executor.attemptWasRecorded(harness.attempt())
            while harness.server.store.pods.first?.metadata.labels["leat.dev/recorded"] == nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            harness.clock.advance(by: 61)
            #expect(await harness.failure(harness.attempt("other")) != nil)
            harness.executor.attemptWasRecorded(harness.attempt("other"))
            while harness.server.store.pods.contains(where: { $0.metadata.labels["leat.dev/task"] == "ingest" }) {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    @Test("streams that are cut while it runs change nothing of what comes out")
    func cutStreams() async throws {
        try await PodHarness.with({ _ in [] }) { harness in
            let task = Task { try await harness.run() }
            let store = harness.server.store
            while store.pods.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            let pod = store.pods[0]
            let kubelet = harness.kubelet
            kubelet.apply(.scheduled(), to: pod)
            harness.server.cutWithinNextObject()
            kubelet.apply(.running, to: pod)
            kubelet.apply(.log([logLine("1"), logLine("2")]), to: pod)
            harness.server.cutStreams()
            kubelet.apply(.log([logLine("3")]), to: pod)
            await harness.server.stop()
            kubelet.apply(.log([logLine("4")]), to: pod)
            store.compact()
            try await harness.server.start()
            kubelet.apply(.log([logLine("5")]), to: pod)
            kubelet.apply(.ended(code: 0, message: threeRows), to: pod)
            #expect(try await task.value.rows == 3)
            #expect(harness.lines == ["1", "2", "3", "4", "5"])
        }
    }
}

import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Orchestrate

@Suite("What happens to pods, in words")
struct PodFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [ScriptedKubelet.Step]
        let code: String
        var isInfrastructure = false
        var isRetryable = true
        /// In the message or the details.
        var words: String

        var testDescription: String { name }
    }

    private static let cases: [Case] = [
        Case(
            name: "an image that is not there",
            steps: [.scheduled(), .waiting("ErrImagePull", "manifest for leat:1 not found: manifest unknown")],
            code: "kubernetes.image", words: "manifest unknown"),
        Case(
            name: "an image that must not be pulled by this user",
            steps: [
                .scheduled(), .waiting("ImagePullBackOff", "Back-off pulling image \"leat:1\": ErrImagePull: pull access denied"),
            ],
            code: "kubernetes.image", words: "pull access denied"),
        Case(
            name: "a name that is none of an image", steps: [.scheduled(), .waiting("InvalidImageName", "couldn't parse")],
            code: "kubernetes.image", isRetryable: false, words: "its name is not one of an image"),
        Case(
            name: "an image that is not on the node",
            steps: [.scheduled(), .waiting("ErrImageNeverPull", "not present with pull policy of Never")],
            code: "kubernetes.image", isRetryable: false, words: "must not be pulled"),
        Case(
            name: "a secret that is missing",
            steps: [.scheduled(), .waiting("CreateContainerConfigError", "secret \"warehouse\" not found")],
            code: "kubernetes.configuration", words: "secret \"warehouse\" not found"),
        Case(
            name: "a container that cannot be made",
            steps: [.scheduled(), .waiting("CreateContainerError", "no command specified")],
            code: "kubernetes.container", words: "no command specified"),
        Case(
            name: "a command that is not in the image",
            steps: [.scheduled(), .running, .ended(code: 127, reason: "StartError", message: "exec: \"leat\": not found")],
            code: "kubernetes.container", words: "exec: \"leat\": not found"),
        Case(
            name: "a command that must not be run",
            steps: [.scheduled(), .waiting("RunContainerError", "exec: \"leat\": permission denied")],
            code: "kubernetes.container", words: "permission denied"),
        Case(
            name: "an init container that fails", steps: [.scheduled(), .initFailed("fetch", code: 4, message: "no network")],
            code: "kubernetes.init_container", words: "the init container 'fetch' ended with exit code 4"),
        Case(
            name: "an exit code, with the last lines",
            steps: [.scheduled(), .running, .log(["first", "the last word"]), .ended(code: 3)], code: "kubernetes.exit_code",
            words: "the last word"),
        Case(
            name: "a crash", steps: [.scheduled(), .running, .ended(code: 139)], code: "kubernetes.exit_code",
            words: "ended by signal 11"),
        Case(
            name: "memory that is used up", steps: [.scheduled(), .running, .ended(code: 137, reason: "OOMKilled")],
            code: "kubernetes.out_of_memory", words: "needed more memory than its limit of 256Mi"),
        Case(
            name: "a child that used up the memory, after which the task itself ended",
            steps: [.scheduled(), .running, .ended(code: 1, reason: "OOMKilled")], code: "kubernetes.out_of_memory",
            words: "more memory than its limit"),
        Case(
            name: "eviction by a node that is short of something",
            steps: [.scheduled(), .running, .evicted("The node was low on resource: memory.")], code: "kubernetes.evicted",
            isInfrastructure: true, words: "low on resource: memory"),
        Case(
            name: "preemption",
            steps: [
                .scheduled(), .running, .disrupted("PreemptionByScheduler", "preempting to accommodate a higher priority pod"),
            ],
            code: "kubernetes.preempted", isInfrastructure: true, words: "make room for a more important one"),
        Case(
            name: "a node that is drained",
            steps: [.scheduled(), .running, .disrupted("EvictionByEvictionAPI", "Eviction API: evicting", code: 137)],
            code: "kubernetes.evicted", isInfrastructure: true, words: "'jobs-1' is being cleared"),
        Case(
            name: "a node that ends its pods",
            steps: [
                .scheduled(), .running, .disrupted("TerminationByKubelet", "Pod was terminated in response to node shutdown"),
            ],
            code: "kubernetes.evicted", isInfrastructure: true, words: "node shutdown"),
        Case(
            name: "a tainted node",
            steps: [.scheduled(), .running, .disrupted("DeletionByTaintManager", "Taint manager: deleting")],
            code: "kubernetes.evicted", isInfrastructure: true, words: "does not keep the pod"),
        Case(
            name: "a node that has been taken away",
            steps: [.scheduled(), .running, .disrupted("DeletionByPodGC", "node not found")],
            code: "kubernetes.node_lost", isInfrastructure: true, words: "the node 'jobs-1' is gone"),
        Case(
            name: "a node that goes down",
            steps: [.scheduled(), .running, .failed(reason: "NodeShutdown", message: "shutting down")],
            code: "kubernetes.node_lost", isInfrastructure: true, words: "went down"),
        Case(
            name: "a node that has no room after all",
            steps: [.scheduled(), .failed(reason: "OutOfmemory", message: "Node didn't have enough resource")],
            code: "kubernetes.node_refused", isInfrastructure: true, words: "didn't have enough resource"),
        Case(
            name: "a pod that fails before its container",
            steps: [.scheduled(), .failed(reason: "Strange", message: "who knows")],
            code: "kubernetes.pod_failed", words: "Strange"),
        Case(
            name: "a pod that takes longer than it may", steps: [.scheduled(), .running, .deadlineExceeded],
            code: "kubernetes.deadline_exceeded", words: "longer than it may"),
        Case(
            name: "a pod that somebody deletes while it runs", steps: [.scheduled(), .running, .deleted],
            code: "kubernetes.pod_deleted",
            words: "somebody deleted the pod"),
        Case(
            name: "a container that ends without a result", steps: [.scheduled(), .running, .ended(code: 0)],
            code: "kubernetes.no_result", words: "left no result"),
    ]

    @Test("the run hears of it at once, whether it counts as a retry, and why", arguments: cases)
    func fails(with item: Case) async throws {
        try await PodHarness.with({ _ in item.steps }) { harness in
            var harness = harness
            harness.settings.limits = ["memory": "256Mi"]
            let failure = try #require(await harness.failure())
            #expect(failure.code == item.code)
            #expect(failure.isInfrastructure == item.isInfrastructure)
            #expect(failure.isRetryable == item.isRetryable)
            let text = ([failure.message] + failure.details).joined(separator: "\n")
            #expect(text.contains(item.words), "\(text)")
        }
    }

    @Test("what passes by itself is told and waited for")
    func passes() async throws {
        try await PodHarness.with({ _ in
            [
                .unschedulable("0/3 nodes are available: 3 Insufficient memory."), .scheduled(),
                .waiting("ErrImagePull", "429 Too Many Requests - Server message: toomanyrequests"),
                .waiting("ImagePullBackOff", "Back-off pulling image \"leat:1\""), .running,
                .ended(code: 0, message: threeRows),
            ]
        }) { harness in
            let outcome = try await harness.run()
            #expect(outcome.rows == 3)
        }
    }

    // MARK: Times, as rules

    private func pod(_ change: (inout JSON) -> Void) -> PodTracker.Event {
        var json: JSON = [
            "metadata": ["name": "p", "uid": "1"], "spec": ["restartPolicy": "Never"], "status": ["phase": "Pending"],
        ]
        change(&json)
        return .pod(Pod(json))
    }

    private func ended(_ actions: [PodTracker.Action]) -> TaskFailure? {
        for action in actions {
            switch action {
            case .end(.failure(let failure)), .end(.infrastructure(let failure)), .end(.exited(let failure, _)): return failure
            default: continue
            }
        }
        return nil
    }

    private func running(_ ready: String, on node: String = "n") -> PodTracker.Event {
        pod {
            $0.set(.string(node), at: "spec", "nodeName")
            $0.set("Running", at: "status", "phase")
            $0.set([["name": "main", "state": ["running": [:]]]], at: "status", "containerStatuses")
            $0.set([["type": "Ready", "status": .string(ready)]], at: "status", "conditions")
        }
    }

    @Test("no node within the time: the scheduler's words are said once, and again at the end with the labels wanted")
    func schedulingTimeout() {
        var settings = PodSettings(image: "i", namespace: "n")
        settings.nodeSelector = ["component": "jobs"]
        var tracker = PodTracker(settings: settings)
        #expect(tracker.begin() == [.startTimer(.scheduling, .seconds(300))])
        let unschedulable = pod {
            $0.set(
                [["type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available"]],
                at: "status", "conditions")
        }
        let words = "no node takes it: 0/3 nodes are available"
        #expect(tracker.handle(unschedulable) == [.waits(words), .note(words, isWarning: false)])
        #expect(tracker.handle(unschedulable).isEmpty)
        let failure = ended(tracker.handle(.timer(.scheduling)))
        #expect(failure?.code == "kubernetes.unschedulable")
        #expect(failure?.details == [words])
        #expect(failure?.hint?.contains("component=jobs") == true)
        #expect(tracker.handle(.timer(.startup)).isEmpty)
    }

    @Test("the time to start counts from when a node was found, and ends when the container runs")
    func startupTimeout() {
        var tracker = PodTracker(settings: PodSettings(image: "i", namespace: "n"))
        let scheduled = pod { $0.set("n", at: "spec", "nodeName") }
        let actions = tracker.handle(scheduled)
        #expect(actions.contains(.stopTimer(.scheduling)))
        #expect(actions.contains(.startTimer(.startup, .seconds(300))))
        var late = tracker
        #expect(ended(late.handle(.timer(.startup)))?.code == "kubernetes.startup_timeout")
        #expect(tracker.handle(running("True")).contains(.began))
        #expect(tracker.handle(.timer(.startup)).isEmpty)
    }

    @Test("a node that is silent for too long has lost the pod; one that comes back in time has not")
    func nodeLost() {
        func node(_ ready: String) -> PodTracker.Event {
            .node(
                ClusterNode([
                    "metadata": ["name": "n"], "status": ["conditions": [["type": "Ready", "status": .string(ready)]]],
                ]))
        }
        var tracker = PodTracker(settings: PodSettings(image: "i", namespace: "n"))
        _ = tracker.handle(pod { $0.set("n", at: "spec", "nodeName") })
        _ = tracker.handle(running("True"))
        #expect(tracker.handle(running("False")) == [.lookAtNode("n")])
        #expect(tracker.handle(node("Unknown")).contains(.startTimer(.node, .seconds(300))))
        var recovering = tracker
        #expect(recovering.handle(running("True")).contains(.stopTimer(.node)))
        #expect(recovering.handle(.timer(.node)).isEmpty)
        // The end of the time alone does not decide: the node is looked at once more.
        #expect(tracker.handle(.timer(.node)) == [.lookAtNode("n")])
        var back = tracker
        #expect(back.handle(node("True")).contains(.stopTimer(.node)))
        let failure = ended(tracker.handle(node("Unknown")))
        #expect(failure?.code == "kubernetes.node_lost")
        #expect(failure?.isInfrastructure == true)
    }

    @Test("a pod of which nobody knows is asked of at its node, and fields of a later version do not matter")
    func unknown() {
        var tracker = PodTracker(settings: PodSettings(image: "i", namespace: "n"))
        _ = tracker.handle(pod { $0.set("n", at: "spec", "nodeName") })
        _ = tracker.handle(running("True"))
        let unknown = pod {
            $0.set("n", at: "spec", "nodeName")
            $0.set("Unknown", at: "status", "phase")
            $0.set("InProgress", at: "status", "resize")
            $0.set(["later": [["deep": 1]]], at: "spec", "fromTheFuture")
            $0.set(
                [["name": "main", "state": ["running": ["startedAt": .null]], "allocatedResources": ["cpu": "1"], "x": 2]],
                at: "status", "containerStatuses")
        }
        #expect(tracker.handle(unknown) == [.lookAtNode("n")])
    }

    @Test("a container that is started again goes on; sidecars neither begin nor end the work")
    func restarts() {
        var tracker = PodTracker(settings: PodSettings(image: "i", namespace: "n"))
        func seen(_ main: JSON, phase: String) -> PodTracker.Event {
            pod {
                $0.set("OnFailure", at: "spec", "restartPolicy")
                $0.set([["name": "mesh", "restartPolicy": "Always"]], at: "spec", "initContainers")
                $0.set("n", at: "spec", "nodeName")
                $0.set(.string(phase), at: "status", "phase")
                $0.set([["name": "mesh", "state": ["terminated": ["exitCode": 2]]]], at: "status", "initContainerStatuses")
                $0.set([main], at: "status", "containerStatuses")
            }
        }
        _ = tracker.handle(seen(["name": "main", "state": ["running": [:]]], phase: "Running"))
        let failed: JSON = ["terminated": ["exitCode": 1, "reason": "Error"]]
        #expect(ended(tracker.handle(seen(["name": "main", "state": failed], phase: "Running"))) == nil)
        let waiting = tracker.handle(
            seen(
                ["name": "main", "state": ["waiting": ["reason": "CrashLoopBackOff"]], "lastState": failed, "restartCount": 1],
                phase: "Running"))
        #expect(ended(waiting) == nil)
        // The main container is done, the sidecar still runs.
        let done = tracker.handle(seen(["name": "main", "state": ["terminated": ["exitCode": 0]]], phase: "Running"))
        #expect(done.contains(.end(.success(message: nil))))
    }

    @Test("a pod that was gone when the cluster could be seen again has lost its end")
    func unseenEnd() {
        var tracker = PodTracker(settings: PodSettings(image: "i", namespace: "n"))
        _ = tracker.handle(pod { $0.set("n", at: "spec", "nodeName") })
        _ = tracker.handle(running("True"))
        guard case .pod(let last) = running("True") else { return }
        let failure = ended(tracker.handle(.deleted(last, isSeen: false)))
        #expect(failure?.code == "kubernetes.pod_lost")
        #expect(failure?.isInfrastructure == true)
    }
}

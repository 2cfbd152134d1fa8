import Documents
import Foundation
package import Kubernetes
import Synchronization

/// The scheduler and the kubelets of a cluster, which do with each pod what a script says.
package final class ScriptedKubelet: Sendable {
    /// One thing that becomes of a pod.
    package enum Step: Sendable {
        /// The scheduler finds no node.
        case unschedulable(String)
        case scheduled(node: String = "jobs-1")
        /// The container waits, as with an image that cannot be pulled.
        case waiting(String, String)
        case initFailed(String, code: Int, message: String = "")
        case running
        /// Lines of output.
        case log([String])
        /// The container ends.
        case ended(code: Int, reason: String? = nil, message: String? = nil)
        /// The kubelet is short of something.
        case evicted(String)
        /// The pod is to be taken away: the reason of the condition DisruptionTarget.
        case disrupted(String, String, code: Int = 143)
        case deadlineExceeded
        /// The pod fails before a container began.
        case failed(reason: String, message: String)
        /// The node goes silent, and the cluster marks the pod.
        case nodeSilent
        case nodeBack
        /// Somebody deletes the pod, and its containers end at once.
        case deleted
        /// The container ends and is started again.
        case crashed(code: Int)
        /// Runs something, such as trouble of the server.
        case does(@Sendable () async -> Void)
        /// Waits until somebody says so.
        case holds(Gathered<Bool>)
    }

    package let store: ObjectStore
    private let script: @Sendable (Pod) -> [Step]
    private let time = Mutex(1_790_000_000_000_000_000)
    /// How often each pod was begun; more than once would be a mistake.
    private let starts = Mutex<[String: Int]>([:])

    package init(_ store: ObjectStore, script: @escaping @Sendable (Pod) -> [Step]) {
        self.store = store
        self.script = script
        setNode("jobs-1", ready: "True")
    }

    /// How often the container of each pod was started, by the pod's name.
    package var startedPods: [String: Int] { starts.withLock { $0 } }

    /// Sees to all pods, those that are there and those to come, until the task is cancelled.
    package func run() async {
        let (listener, rings) = store.listen()
        defer { store.forget(listener) }
        await withDiscardingTaskGroup { group in
            var seen: Set<String> = []
            var isFirst = true
            var rounds = rings.makeAsyncIterator()
            while !Task.isCancelled {
                if !isFirst, await rounds.next() == nil { break }
                isFirst = false
                for pod in store.pods {
                    if seen.insert(pod.metadata.uid).inserted { group.addTask { await self.play(pod) } }
                    if pod.metadata.deletedAt != nil, pod.metadata.finalizers.isEmpty { end(pod) }
                }
            }
        }
    }

    /// Who has been told to end a pod ends it.
    private func end(_ pod: Pod) {
        if pod.container("main")?.isRunning == true, pod.nodeName != nil { apply(.ended(code: 143), to: pod) }
        _ = try? store.delete(
            ObjectStore.Key("pods", pod.metadata.namespace, pod.metadata.name), uid: pod.metadata.uid, graceSeconds: 0)
    }

    private func play(_ pod: Pod) async {
        for step in script(pod) {
            switch step {
            case .does(let body): await body()
            case .holds(let gate): await gate.wait { !$0.isEmpty }
            default: apply(step, to: pod)
            }
        }
    }

    package func setNode(_ name: String, ready: String) {
        let key = ObjectStore.Key("nodes", "", name)
        let status: JSON = ["conditions": [["type": "Ready", "status": .string(ready)]]]
        if store.object(key) == nil { _ = try? store.create(key, ["metadata": ["labels": ["component": "jobs"]]]) }
        _ = try? store.update(key) { $0.set(status, at: "status") }
    }

    private func status(_ pod: Pod, _ change: (inout JSON) -> Void) {
        _ = try? store.update(ObjectStore.Key("pods", pod.metadata.namespace, pod.metadata.name)) { object in
            guard object.at("metadata", "uid")?.string == pod.metadata.uid else { return }
            change(&object)
        }
    }

    private func container(_ state: JSON, restarts: Int = 0, last: JSON? = nil) -> JSON {
        var status = JSON.Members([("name", "main"), ("image", "leat:1"), ("state", state), ("restartCount", .int(restarts))])
        if let last { status.append("lastState", last) }
        return [.object(status)]
    }

    private func condition(_ type: String, _ value: String, _ reason: String? = nil, _ message: String? = nil) -> JSON {
        var members = JSON.Members([("type", .string(type)), ("status", .string(value))])
        if let reason { members.append("reason", .string(reason)) }
        if let message { members.append("message", .string(message)) }
        return .object(members)
    }

    /// Does one step at once.
    package func apply(_ step: Step, to pod: Pod) {
        switch step {
        case .unschedulable(let message):
            status(pod) { $0.set([condition("PodScheduled", "False", "Unschedulable", message)], at: "status", "conditions") }
        case .scheduled(let node):
            status(pod) {
                $0.set(.string(node), at: "spec", "nodeName")
                $0.set([condition("PodScheduled", "True")], at: "status", "conditions")
                $0.set(container(["waiting": ["reason": "ContainerCreating"]]), at: "status", "containerStatuses")
            }
        case .waiting(let reason, let message):
            status(pod) {
                $0.set(
                    container(["waiting": ["reason": .string(reason), "message": .string(message)]]), at: "status",
                    "containerStatuses")
            }
        case .initFailed(let name, let code, let message):
            status(pod) {
                $0.set("Failed", at: "status", "phase")
                $0.set(
                    [
                        [
                            "name": .string(name),
                            "state": ["terminated": ["exitCode": .int(code), "reason": "Error", "message": .string(message)]],
                        ]
                    ], at: "status", "initContainerStatuses")
                $0.set(container(["waiting": ["reason": "PodInitializing"]]), at: "status", "containerStatuses")
            }
        case .running:
            starts.withLock { $0[pod.metadata.name, default: 0] += 1 }
            store.changeLog(of: pod.metadata.uid, container: "main") { _ in }
            status(pod) {
                $0.set("Running", at: "status", "phase")
                $0.set(
                    container(["running": ["startedAt": .string(ClusterTime.text(Date()))]]), at: "status", "containerStatuses")
                $0.set([condition("PodScheduled", "True"), condition("Ready", "True")], at: "status", "conditions")
            }
        case .log(let lines):
            store.changeLog(of: pod.metadata.uid, container: "main") { file in
                for line in lines {
                    file.lines.append(
                        (
                            time.withLock {
                                $0 += 1_000_000; return $0
                            }, Array(line.utf8)
                        ))
                }
            }
        case .ended(let code, let reason, let message):
            ended(pod, code, reason ?? (code == 0 ? "Completed" : "Error"), message)
        case .evicted(let message):
            store.changeLog(of: pod.metadata.uid, container: "main") { $0.isOpen = false }
            status(pod) {
                $0.set("Failed", at: "status", "phase")
                $0.set("Evicted", at: "status", "reason")
                $0.set(.string(message), at: "status", "message")
                $0.set(nil, at: "status", "containerStatuses")
            }
        case .disrupted(let reason, let message, let code):
            status(pod) {
                $0.set([condition("DisruptionTarget", "True", reason, message)], at: "status", "conditions")
            }
            ended(pod, code, "Error", nil)
        case .deadlineExceeded:
            closeLog(of: pod)
            status(pod) {
                $0.set("Failed", at: "status", "phase")
                $0.set("DeadlineExceeded", at: "status", "reason")
                $0.set("Pod was active on the node longer than the specified deadline", at: "status", "message")
            }
        case .failed(let reason, let message):
            closeLog(of: pod)
            status(pod) {
                $0.set("Failed", at: "status", "phase")
                $0.set(.string(reason), at: "status", "reason")
                $0.set(.string(message), at: "status", "message")
                $0.set(nil, at: "status", "containerStatuses")
            }
        case .nodeSilent:
            setNode(pod.nodeName ?? "jobs-1", ready: "Unknown")
            status(pod) { $0.set([condition("PodScheduled", "True"), condition("Ready", "False")], at: "status", "conditions") }
        case .nodeBack:
            setNode(pod.nodeName ?? "jobs-1", ready: "True")
            status(pod) { $0.set([condition("PodScheduled", "True"), condition("Ready", "True")], at: "status", "conditions") }
        case .deleted:
            closeLog(of: pod)
            _ = try? store.delete(
                ObjectStore.Key("pods", pod.metadata.namespace, pod.metadata.name), uid: pod.metadata.uid, graceSeconds: 0)
        case .crashed(let code):
            status(pod) {
                let last: JSON = ["terminated": ["exitCode": .int(code), "reason": "Error"]]
                $0.set(
                    container(["waiting": ["reason": "CrashLoopBackOff", "message": "back-off"]], restarts: 1, last: last),
                    at: "status", "containerStatuses")
            }
        case .does, .holds: break
        }
    }

    /// Nothing more is written by a container that has begun.
    private func closeLog(of pod: Pod) {
        guard store.log(of: pod.metadata.uid, container: "main") != nil else { return }
        store.changeLog(of: pod.metadata.uid, container: "main") { $0.isOpen = false }
    }

    private func ended(_ pod: Pod, _ code: Int, _ reason: String, _ message: String?) {
        store.changeLog(of: pod.metadata.uid, container: "main") { $0.isOpen = false }
        status(pod) { object in
            var terminated = JSON.Members([
                ("exitCode", .int(code)), ("reason", .string(reason)), ("finishedAt", .string(ClusterTime.text(Date()))),
            ])
            if let message { terminated.append("message", .string(message)) }
            object.set(container(["terminated": .object(terminated)]), at: "status", "containerStatuses")
            object.set(code == 0 ? "Succeeded" : "Failed", at: "status", "phase")
        }
    }
}

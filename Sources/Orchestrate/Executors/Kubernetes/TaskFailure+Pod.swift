import Documents
import Kubernetes

/// What happens to pods, in words.
extension TaskFailure {
    static let memoryHint = "raise the limit: kubernetes: {resources: {limits: {memory: ...}}}"

    static func notScheduled(_ reason: String, _ settings: PodSettings) -> TaskFailure {
        var hint = "look at the nodes: kubectl get nodes --show-labels"
        if !settings.nodeSelector.isEmpty {
            let labels = settings.nodeSelector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            hint = "the pod wants a node with \(labels): kubectl get nodes --selector \(labels)"
        }
        return TaskFailure(
            "no node took the pod within \(settings.schedulingTimeout.shortText)", code: "kubernetes.unschedulable",
            hint: hint, details: reason.isEmpty ? [] : [reason])
    }

    static func notStarted(_ reason: String, _ settings: PodSettings) -> TaskFailure {
        TaskFailure(
            "the container did not start within \(settings.startupTimeout.shortText)", code: "kubernetes.startup_timeout",
            hint: "give it more time: kubernetes: {startup_timeout: ...}", details: reason.isEmpty ? [] : [reason])
    }

    static func image(_ image: String, _ what: String, _ said: String, isRetryable: Bool) -> TaskFailure {
        TaskFailure(
            "the image '\(image)' cannot be had: \(what)", code: "kubernetes.image",
            hint: "check its name, that it was pushed, and image_pull_secrets", details: said.isEmpty ? [] : [said],
            isRetryable: isRetryable)
    }

    static func configuration(_ said: String) -> TaskFailure {
        TaskFailure(
            "the container cannot be configured", code: "kubernetes.configuration",
            hint: "a secret, a config map or a key that it wants is missing, or it would run as root",
            details: said.isEmpty ? [] : [said])
    }

    static func containerRefused(_ said: String) -> TaskFailure {
        TaskFailure(
            "the container could not be started", code: "kubernetes.container",
            hint: "the image must have leat as its entry point, for this kind of machine", details: said.isEmpty ? [] : [said])
    }

    static func initContainer(_ name: String, _ ended: ContainerStatus.Terminated) -> TaskFailure {
        let why = ended.reason == "OOMKilled" ? " for want of memory" : ""
        return TaskFailure(
            "the init container '\(name)' ended with exit code \(ended.exitCode)\(why)", code: "kubernetes.init_container",
            hint: "its log: kubectl logs POD --container \(name)", details: ended.message.map { [$0] } ?? [])
    }

    static func exited(_ ended: ContainerStatus.Terminated) -> TaskFailure {
        let signal = ended.signal ?? (ended.exitCode > 128 ? ended.exitCode - 128 : nil)
        let what = signal.map { "was ended by signal \($0)" } ?? "ended with exit code \(ended.exitCode)"
        return TaskFailure(
            "the container \(what)", code: "kubernetes.exit_code", output: ["exit_code": .int(ended.exitCode)])
    }

    static func outOfMemory(_ settings: PodSettings, _ ended: ContainerStatus.Terminated) -> TaskFailure {
        let limit = settings.limits["memory"].map { " of \($0)" } ?? ""
        return TaskFailure(
            "the container was killed: it needed more memory than its limit\(limit)", code: "kubernetes.out_of_memory",
            hint: memoryHint, output: ["exit_code": .int(ended.exitCode)])
    }

    static func deadline(_ pod: Pod) -> TaskFailure {
        let seconds = pod.json.at("spec", "activeDeadlineSeconds")?.int
        return TaskFailure(
            "the pod took longer than it may" + (seconds.map { ": \($0) s" } ?? ""), code: "kubernetes.deadline_exceeded",
            hint: "its template says activeDeadlineSeconds", details: pod.message.map { [$0] } ?? [])
    }

    static let deleted = TaskFailure(
        "somebody deleted the pod while it ran", code: "kubernetes.pod_deleted",
        hint: "to end a task, use leat cancel: then the run knows of it")

    static func podFailed(_ pod: Pod) -> TaskFailure {
        TaskFailure(
            "the pod failed before its container began" + (pod.reason.map { ": \($0)" } ?? ""), code: "kubernetes.pod_failed",
            details: pod.message.map { [$0] } ?? [])
    }

    private static func outside(_ message: String, _ code: String, _ said: String?) -> TaskFailure {
        TaskFailure(message, code: code, details: said.map { [$0] } ?? [], isInfrastructure: true)
    }

    static func evicted(_ said: String) -> TaskFailure { outside("the node evicted the pod", "kubernetes.evicted", said) }
    static func preempted(_ said: String?) -> TaskFailure {
        outside("the pod had to make room for a more important one", "kubernetes.preempted", said)
    }
    static func drained(_ node: String, _ said: String?) -> TaskFailure {
        outside("the pod was evicted because the node '\(node)' is being cleared", "kubernetes.evicted", said)
    }
    static func nodeTainted(_ node: String, _ said: String?) -> TaskFailure {
        outside("the node '\(node)' does not keep the pod any longer", "kubernetes.evicted", said)
    }
    static func nodeGone(_ node: String) -> TaskFailure { outside("the node '\(node)' is gone", "kubernetes.node_lost", nil) }
    static func nodeWent(_ node: String, _ said: String?) -> TaskFailure {
        outside("the node '\(node)' went down", "kubernetes.node_lost", said)
    }
    static func nodeSilent(_ node: String, _ time: Duration) -> TaskFailure {
        outside("the node '\(node)' has not answered for \(time.shortText)", "kubernetes.node_lost", nil)
    }
    static func nodeRefused(_ node: String, _ said: String) -> TaskFailure {
        outside("the node '\(node)' has no room for the pod after all", "kubernetes.node_refused", said)
    }
    static func endUnseen(_ said: String) -> TaskFailure {
        outside("the pod is gone, and its end was not seen", "kubernetes.pod_lost", said)
    }
}

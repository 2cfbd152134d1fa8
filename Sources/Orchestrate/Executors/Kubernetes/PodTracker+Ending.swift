import Documents
import Kubernetes

extension PodTracker {
    /// How the work ended, if it has.
    func end(of pod: Pod) -> PodEnd? {
        if let ended = pod.container(container)?.terminated, pod.container(container)?.waiting == nil {
            // Restarted containers go on; their pod says when it is over.
            if restartsContainers(pod), ended.exitCode != 0 || policy(of: pod) == "Always",
                pod.phase == .running || pod.phase == .pending
            {
                return nil
            }
            return end(of: ended, pod)
        }
        guard pod.phase == .failed || pod.phase == .succeeded else { return initEnd(of: pod) }
        return initEnd(of: pod) ?? podEnd(pod)
    }

    private func policy(of pod: Pod) -> String { pod.json.at("spec", "restartPolicy")?.string ?? "Always" }
    private func restartsContainers(_ pod: Pod) -> Bool { policy(of: pod) != "Never" }

    private func end(of ended: ContainerStatus.Terminated, _ pod: Pod) -> PodEnd {
        if ended.exitCode == 0 { return .success(message: ended.message) }
        // Who takes a pod away ends its container first; what the container says of that is not what happened.
        if let outside = disruption(of: pod) { return .infrastructure(outside) }
        if pod.reason == "DeadlineExceeded" { return .failure(.deadline(pod)) }
        if pod.metadata.deletedAt != nil, ended.exitCode == 143 || ended.exitCode == 137, ended.reason != "OOMKilled" {
            return .failure(.deleted)
        }
        switch ended.reason {
        case "OOMKilled": return .exited(.outOfMemory(settings, ended), message: nil)
        case "StartError", "ContainerCannotRun": return .failure(.containerRefused(ended.message ?? ""))
        case "ContainerStatusUnknown":
            return .infrastructure(.endUnseen(ended.message ?? "the node has lost the container"))
        default: break
        }
        return .exited(.exited(ended), message: ended.message)
    }

    private func initEnd(of pod: Pod) -> PodEnd? {
        for status in pod.initContainers where !sidecars.contains(status.name) {
            guard let ended = status.terminated, ended.exitCode != 0 else { continue }
            if restartsContainers(pod), pod.phase != .failed { continue }
            if let outside = disruption(of: pod) { return .infrastructure(outside) }
            return .failure(.initContainer(status.name, ended))
        }
        return nil
    }

    /// The end of a pod of which no container tells.
    private func podEnd(_ pod: Pod) -> PodEnd {
        if pod.phase == .succeeded { return .success(message: nil) }
        if let outside = disruption(of: pod) { return .infrastructure(outside) }
        if pod.reason == "DeadlineExceeded" { return .failure(.deadline(pod)) }
        return .failure(.podFailed(pod))
    }

    /// What has taken the pod away, if it was the cluster for reasons of its own.
    private func disruption(of pod: Pod) -> TaskFailure? {
        if pod.reason == "Evicted" { return .evicted(pod.message ?? "the node was short of something") }
        if pod.reason == "Preempting" { return .preempted(pod.message) }
        if let condition = pod.condition("DisruptionTarget"), condition.isTrue == true {
            let said = condition.message ?? pod.message
            switch condition.reason {
            case "PreemptionByScheduler", "PreemptionByKubeScheduler": return .preempted(said)
            case "DeletionByTaintManager": return .nodeTainted(pod.nodeName ?? "", said)
            case "EvictionByEvictionAPI": return .drained(pod.nodeName ?? "", said)
            case "DeletionByPodGC": return .nodeGone(pod.nodeName ?? "")
            default: return .evicted(said ?? "the node ended it")
            }
        }
        switch pod.reason {
        case "NodeLost", "NodeShutdown", "Shutdown", "Terminated":
            return .nodeWent(pod.nodeName ?? "", pod.message)
        case "OutOfcpu", "OutOfmemory", "OutOfpods", "OutOfephemeral-storage", "NodeAffinity", "UnexpectedAdmissionError",
            "NodeNotReady":
            return .nodeRefused(pod.nodeName ?? "", pod.message ?? pod.reason ?? "")
        default: return nil
        }
    }

    mutating func gone(_ pod: Pod, isSeen: Bool) {
        // What was seen last of it may have been its end.
        if let end = end(of: pod) { return finish(end) }
        if let outside = disruption(of: pod) { return finish(.infrastructure(outside)) }
        if !isSeen { return finish(.infrastructure(.endUnseen("it was gone when the cluster could be reached again"))) }
        finish(.failure(.deleted))
    }
}

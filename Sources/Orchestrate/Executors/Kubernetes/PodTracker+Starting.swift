import Documents
import Kubernetes

extension PodTracker {
    mutating func seeScheduling(_ pod: Pod) {
        let scheduled = pod.condition("PodScheduled")
        if pod.nodeName != nil || scheduled?.isTrue == true {
            stage = .starting
            nodeName = pod.nodeName
            lastWaiting = ""
            actions += [.stopTimer(.scheduling), .startTimer(.startup, settings.startupTimeout)]
            wait("starts on \(pod.nodeName ?? "a node")")
        } else if let scheduled, scheduled.isTrue == false {
            switch scheduled.reason {
            case "Unschedulable": wait("no node takes it: \(scheduled.message ?? "the scheduler gives no reason")")
            case "SchedulingGated": wait("its scheduling is held back by a gate")
            default: wait("waits for a node: \(scheduled.message ?? scheduled.reason ?? "")")
            }
        }
    }

    mutating func seeStarting(_ pod: Pod) {
        for status in pod.initContainers {
            if let waiting = status.waiting, let end = problem(waiting, of: status, pod) { return finish(end) }
        }
        guard let status = pod.container(container) else { return }
        if status.isRunning || status.lastTerminated != nil || status.terminated != nil {
            stage = .running
            actions += [.stopTimer(.startup), .began]
            lastWaiting = ""
            return
        }
        if let waiting = status.waiting, let end = problem(waiting, of: status, pod) { finish(end) }
    }

    /// What a reason for waiting means: an end, or only something to tell.
    private mutating func problem(_ waiting: ContainerStatus.Waiting, of status: ContainerStatus, _ pod: Pod) -> PodEnd? {
        let said = waiting.message ?? ""
        switch waiting.reason {
        case "InvalidImageName":
            return .failure(.image(status.image, "its name is not one of an image", said, isRetryable: false))
        case "ErrImageNeverPull":
            return .failure(.image(status.image, "it is not on the node, and must not be pulled", said, isRetryable: false))
        case "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable":
            if waiting.reason != "ImagePullBackOff" || said.contains(": ") { pullMessage = said.isEmpty ? pullMessage : said }
            let known = pullMessage ?? said
            switch PullTrouble(known) {
            case .fatal: return .failure(.image(status.image, "the registry does not give it", known, isRetryable: true))
            case .passing, .unknown:
                wait("the image '\(status.image)' cannot be pulled at the moment: \(known)")
                return nil
            }
        case "CreateContainerConfigError":
            // The secret that the pod owns is made just after the pod itself.
            if said.contains("secret \"\(pod.metadata.name)\" not found") { return nil }
            return .failure(.configuration(said))
        case "CreateContainerError", "RunContainerError":
            return .failure(.containerRefused(said))
        case "CrashLoopBackOff": return nil
        default: return nil
        }
    }
}

/// Whether an image that could not be pulled may come by itself.
enum PullTrouble: Hashable {
    case fatal, passing, unknown

    private static let passingWords = [
        "too many requests", "toomanyrequests", "rate limit", "qps exceeded", "timeout", "timed out", "deadline exceeded",
        "connection reset", "connection refused", "no route to host", "temporary failure", "i/o timeout", "eof",
        "tls handshake", "no such host", "server misbehaving", "status: 500", "status: 502", "status: 503", "status: 504",
        "500 internal", "502 bad gateway", "503 service", "504 gateway", "429", "try again", "unexpected status",
    ]
    private static let fatalWords = [
        "not found", "manifest unknown", "name unknown", "unauthorized", "denied", "forbidden", "does not exist",
        "no match for platform", "invalid reference", "authentication required", "no basic auth", "repository does not exist",
    ]

    init(_ message: String) {
        let text = message.lowercased()
        // "server misbehaving" and the like come with the name that was not found: what passes counts first.
        if Self.passingWords.contains(where: text.contains) {
            self = .passing
        } else if Self.fatalWords.contains(where: text.contains) {
            self = .fatal
        } else {
            self = .unknown
        }
    }
}

package import Documents
package import Foundation

/// A pod, with what is read of it. The whole of it is in ``json``.
package struct Pod: ClusterObject, Hashable {
    package enum Phase: String, Sendable, Hashable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        /// The node does not answer.
        case unknown = "Unknown"
    }

    package let json: JSON
    package let metadata: ObjectMeta
    package let phase: Phase
    /// Why the pod as a whole is in its state: `Evicted`, `DeadlineExceeded`, `NodeLost`.
    package let reason: String?
    package let message: String?
    /// Nil until the scheduler has found a node.
    package let nodeName: String?
    package let conditions: [Condition]
    package let initContainers: [ContainerStatus]
    package let containers: [ContainerStatus]

    package init(_ json: JSON) {
        self.json = json
        metadata = ObjectMeta(json["metadata"] ?? .null)
        let status = json["status"] ?? .null
        phase = status["phase"]?.string.flatMap(Phase.init(rawValue:)) ?? .pending
        reason = status["reason"]?.string
        message = status["message"]?.string
        nodeName = json.at("spec", "nodeName")?.string
        conditions = (status["conditions"]?.array ?? []).map(Condition.init)
        initContainers = (status["initContainerStatuses"]?.array ?? []).map(ContainerStatus.init)
        containers = (status["containerStatuses"]?.array ?? []).map(ContainerStatus.init)
    }

    package func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
    package func container(_ name: String) -> ContainerStatus? { containers.first { $0.name == name } }

    /// How often its containers were started again.
    package var restarts: Int { containers.reduce(0) { $0 + $1.restartCount } }

    /// A word for people, as kubectl's column STATUS has it.
    package var statusWord: String {
        if metadata.deletedAt != nil { return "Terminating" }
        if let reason { return reason }
        for container in initContainers + containers {
            if let waiting = container.waiting?.reason, waiting != "PodInitializing" { return waiting }
            if let ended = container.terminated, ended.exitCode != 0 { return ended.reason ?? "Error" }
        }
        return phase.rawValue
    }
}

/// Something that is or is not so of a pod or a node.
package struct Condition: Sendable, Hashable {
    package let type: String
    /// Nil where it is not known.
    package let isTrue: Bool?
    package let reason: String?
    package let message: String?

    package init(_ json: JSON) {
        type = json["type"]?.string ?? ""
        isTrue = json["status"]?.string.flatMap { ["True": true, "False": false][$0] }
        reason = json["reason"]?.string
        message = json["message"]?.string
    }
}

/// How one container of a pod stands.
package struct ContainerStatus: Sendable, Hashable {
    package struct Waiting: Sendable, Hashable {
        package let reason: String?
        package let message: String?
    }

    package struct Terminated: Sendable, Hashable {
        package let exitCode: Int
        package let signal: Int?
        package let reason: String?
        /// What the container wrote to its termination log, or the runtime's words.
        package let message: String?
        package let finishedAt: Date?
    }

    package let name: String
    package let image: String
    package let restartCount: Int
    package let isRunning: Bool
    package let waiting: Waiting?
    package let terminated: Terminated?
    /// How it ended the last time, where it was started again.
    package let lastTerminated: Terminated?

    package init(_ json: JSON) {
        name = json["name"]?.string ?? ""
        image = json["image"]?.string ?? ""
        restartCount = json["restartCount"]?.int ?? 0
        isRunning = json.at("state", "running") != nil
        waiting = json.at("state", "waiting").map { Waiting(reason: $0["reason"]?.string, message: $0["message"]?.string) }
        terminated = json.at("state", "terminated").map(Terminated.init)
        lastTerminated = json.at("lastState", "terminated").map(Terminated.init)
    }
}

extension ContainerStatus.Terminated {
    init(_ json: JSON) {
        exitCode = json["exitCode"]?.int ?? 0
        signal = json["signal"]?.int
        reason = json["reason"]?.string
        message = json["message"]?.string
        finishedAt = json["finishedAt"]?.string.flatMap { ClusterTime.date($0) }
    }
}

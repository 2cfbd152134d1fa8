import Documents
package import Kubernetes

/// Follows one pod from its creation to the end of its work: a pure value that takes what is seen of it and says what to do.
///
/// `+Starting` is what happens before the container runs, `+Ending` what its end means.
package struct PodTracker: Sendable {
    package enum Event: Sendable {
        /// The pod as it is now.
        case pod(Pod)
        /// The pod is gone. If nobody saw it go, it is as it was last known.
        case deleted(Pod, isSeen: Bool)
        /// The node that was asked for; nil where the cluster does not know it.
        case node(ClusterNode?)
        case timer(Timer)
    }

    package enum Timer: Sendable, Hashable { case scheduling, startup, node }

    package enum Action: Sendable, Hashable {
        /// Something for the log of the attempt.
        case note(String, isWarning: Bool)
        /// What it waits for, in a few words.
        case waits(String)
        /// The container runs, or has run.
        case began
        case startTimer(Timer, Duration)
        case stopTimer(Timer)
        case lookAtNode(String)
        case end(PodEnd)
    }

    enum Stage: Sendable, Hashable { case scheduling, starting, running, ended }

    let settings: PodSettings
    /// Of the container that does the work.
    let container: String
    /// Containers that run beside it to the end of the pod, of which nothing is expected.
    var sidecars: Set<String> = []
    var stage = Stage.scheduling
    var actions: [Action] = []
    /// The last reason for waiting, not to be told twice.
    var lastWaiting = ""
    /// The runtime's words when the image could not be pulled; later it only says that it waits.
    var pullMessage: String?
    var isNodeTimerOn = false
    /// Whether the next look at the node decides.
    var isNodeJudged = false
    var nodeName: String?
    var isDeletionNoted = false

    package init(settings: PodSettings, container: String = PodBuilder.containerName) {
        self.settings = settings
        self.container = container
    }

    /// What to do first.
    package mutating func begin() -> [Action] { [.startTimer(.scheduling, settings.schedulingTimeout)] }

    package mutating func handle(_ event: Event) -> [Action] {
        guard stage != .ended else { return [] }
        switch event {
        case .pod(let pod): see(pod)
        case .deleted(let pod, let isSeen): gone(pod, isSeen: isSeen)
        case .node(let node): see(node)
        case .timer(let timer): fired(timer)
        }
        defer { actions = [] }
        return actions
    }

    private mutating func see(_ pod: Pod) {
        let inits = pod.json.at("spec", "initContainers")?.array ?? []
        sidecars = Set(inits.filter { $0["restartPolicy"]?.string == "Always" }.compactMap { $0["name"]?.string })
        if let end = end(of: pod) { return finish(end) }
        if pod.metadata.deletedAt != nil, !isDeletionNoted {
            isDeletionNoted = true
            actions.append(.note("the pod is being deleted", isWarning: true))
        }
        if stage == .scheduling { seeScheduling(pod) }
        if stage == .starting { seeStarting(pod) }
        if stage == .running { seeRunning(pod) }
    }

    mutating func finish(_ end: PodEnd) {
        // Whatever ran to its end has begun.
        if stage != .running, end.hasRun { actions.append(.began) }
        stage = .ended
        actions.append(.end(end))
    }

    // MARK: Running

    private mutating func seeRunning(_ pod: Pod) {
        nodeName = pod.nodeName
        if let status = pod.container(container), status.waiting?.reason == "CrashLoopBackOff" {
            wait("the container ended and waits to be started again (\(status.restartCount) times so far)", key: "crash")
        }
        // The cluster marks pods as not ready when their node is silent; they stay as they were, for nobody is there to tell.
        let isReady = pod.condition("Ready")?.isTrue
        let isDoubtful = pod.phase == .unknown || pod.reason == "NodeLost" || (pod.condition("Ready") != nil && isReady != true)
        if isDoubtful, let name = pod.nodeName {
            actions.append(.lookAtNode(name))
        } else if isNodeTimerOn {
            nodeAnswers(pod.nodeName ?? "")
        }
    }

    private mutating func nodeAnswers(_ name: String) {
        isNodeTimerOn = false
        isNodeJudged = false
        actions += [.stopTimer(.node), .note("the node '\(name)' answers again", isWarning: false)]
    }

    private mutating func see(_ node: ClusterNode?) {
        guard stage == .running || stage == .starting else { return }
        let name = node?.metadata.name ?? nodeName ?? ""
        guard let node else { return finish(.infrastructure(.nodeGone(name))) }
        if node.isLost {
            if isNodeJudged { return finish(.infrastructure(.nodeSilent(name, settings.nodeTimeout))) }
            guard !isNodeTimerOn else { return }
            isNodeTimerOn = true
            actions += [
                .note("the node '\(name)' does not answer", isWarning: true), .startTimer(.node, settings.nodeTimeout),
            ]
        } else if isNodeTimerOn {
            nodeAnswers(name)
        }
    }

    private mutating func fired(_ timer: Timer) {
        switch timer {
        case .scheduling where stage == .scheduling: finish(.failure(.notScheduled(lastWaiting, settings)))
        case .startup where stage == .starting: finish(.failure(.notStarted(lastWaiting, settings)))
        case .node where isNodeTimerOn:
            // It may have come back without anything new of the pod.
            isNodeJudged = true
            actions.append(.lookAtNode(nodeName ?? ""))
        default: break
        }
    }

    /// Says what the pod waits for, once.
    mutating func wait(_ words: String, key: String? = nil) {
        guard words != lastWaiting else { return }
        lastWaiting = words
        actions += [.waits(words), .note(words, isWarning: false)]
    }
}

/// How the work of a pod ended.
package enum PodEnd: Sendable, Hashable {
    /// The container ended with code 0, and what it left as its termination message.
    case success(message: String?)
    /// It ended otherwise. The task itself may have said why in its termination message.
    case exited(TaskFailure, message: String?)
    /// It could not begin, or was ended from outside.
    case failure(TaskFailure)
    /// What runs it has failed.
    case infrastructure(TaskFailure)

    /// Whether the container has run at all, so that there is a log.
    package var hasRun: Bool {
        switch self {
        case .success, .exited: true
        case .failure, .infrastructure: false
        }
    }
}

import Documents
import Kubernetes
import Orchestrate
import Synchronization

/// The cluster of a project, reached when the first task wants a pod, and shared by all runs of the process.
package final class ProjectPods: Sendable {
    private let state = Mutex<State>(State())

    private struct State {
        var executor: (KubernetesExecutor, namespace: String)?
    }

    package init() {}

    /// Finds the cluster.
    /// - Parameter store: the records that attempts with pods stand in.
    /// - Returns: the executor, and the namespace where nothing else is said.
    /// - Throws: `KubernetesError` where there is no cluster.
    @discardableResult
    func connect(_ project: LeatProject, _ store: any ProjectStoring) throws -> (KubernetesExecutor, namespace: String) {
        try state.withLock { state in
            if let executor = state.executor { return executor }
            let configuration = try ClusterConfiguration.load(
                context: project.kubernetes?.context, environment: project.environment)
            let cluster = PodCluster(
                try KubernetesClient(configuration), project: project.name, store: try ProjectStore.name(of: project),
                ended: { try await Self.ended($0, store) })
            let made: (KubernetesExecutor, namespace: String) = (KubernetesExecutor(cluster), configuration.namespace)
            state.executor = made
            return made
        }
    }

    /// Those of some attempts that are not under way.
    private static func ended(
        _ attempts: [RunID: Set<AttemptKey>], _ store: any ProjectStoring
    ) async throws -> [RunID: Set<AttemptKey>] {
        var ended = attempts
        for id in attempts.keys {
            guard let run = try await store.run(id), !run.state.isFinished else { continue }
            for task in try await store.tasks(of: id) where task.result.state == .queued || task.result.state == .running {
                ended[id]?.remove(AttemptKey(task: task.result.id, number: task.result.attempts))
            }
        }
        return ended
    }

    /// Watches the pods of a project's tasks, so that those that a process has left which was killed are cleared away. Where the
    /// cluster cannot be found, the first task that wants a pod says so.
    func lookAfterPods(of project: LeatProject, _ store: any ProjectStoring) async {
        guard project.hasPods, let (executor, namespace) = try? connect(project, store) else { return }
        await executor.lookAfter(project.podNamespaces(default: namespace))
    }

    var executor: (KubernetesExecutor, namespace: String)? { state.withLock { $0.executor } }

    /// Finishes what is being cleared away, and closes the connections.
    package func close() async {
        let executor = state.withLock { state in
            defer { state.executor = nil }
            return state.executor?.0
        }
        await executor?.close()
    }
}

extension LeatProject {
    private var podTasks: [TaskEntry] {
        pipelines.flatMap { pipeline in pipeline.allTasks.map(\.task).filter(\.runsInPod) }
    }

    /// Whether any task runs in a pod.
    package var hasPods: Bool { !podTasks.isEmpty }

    /// The namespaces that tasks have their pods in.
    /// - Parameter namespace: that of the kubeconfig's context.
    func podNamespaces(default namespace: String) -> Set<String> {
        let common = kubernetes?.pods.namespace ?? namespace
        let named = podTasks.map { ($0.pod?.over(kubernetes?.pods) ?? kubernetes?.pods)?.namespace ?? common }
        return named.isEmpty ? [common] : Set(named)
    }
}

/// What `kubernetes:` of leat.yml says of the cluster, beside the pods in it.
package struct ClusterEntry: Sendable {
    /// A context of the kubeconfig.
    let context: String?
    let pods: PodEntry

    init(_ node: YAMLNode) throws {
        context = node["context"]?.string
        var node = node
        if let members = node.members { node.content = .mapping(members.filter { $0.key != "context" }) }
        pods = try PodEntry(node, of: LeatProject.fileName)
    }
}

/// The pods of one run's tasks.
struct RunPods: Sendable {
    private let project: LeatProject
    private let pods: ProjectPods
    /// By the paths of the tasks in leat.yml. An empty namespace is that of the kubeconfig.
    private let settings: [String: PodSettings]
    private let secrets: [String: [String: String]]

    /// Connects to nothing yet.
    /// - Returns: nil where no task of the pipeline runs in a pod.
    /// - Throws: an error with the place in leat.yml.
    init?(_ entry: PipelineEntry, of project: LeatProject, _ pods: ProjectPods) throws {
        let tasks = entry.allTasks.filter { $0.task.runsInPod }
        guard !tasks.isEmpty else { return nil }
        var settings: [String: PodSettings] = [:]
        var secrets: [String: [String: String]] = [:]
        for (path, task) in tasks {
            guard let pod = task.pod?.over(project.kubernetes?.pods) ?? project.kubernetes?.pods else {
                throw ProjectError(
                    .badValue, "the task '\(path)' runs in a pod, and nothing is said of it", location: task.location,
                    hint: "write kubernetes: {image: ...} at the task, its pipeline's defaults or the top of leat.yml")
            }
            settings[path] = try pod.settings(for: path, of: project, namespace: "")
            secrets[path] = try pod.secretValues(project)
        }
        self.project = project
        self.pods = pods
        self.settings = settings
        self.secrets = secrets
    }

    /// Finds the cluster.
    /// - Throws: `KubernetesError` where there is none.
    func connect(_ store: any ProjectStoring) throws { try pods.connect(project, store) }

    func contains(_ task: TaskDefinition) -> Bool { settings[Self.path(of: task)] != nil }

    /// The path in leat.yml of what a task of the engine comes from.
    private static func path(of task: TaskDefinition) -> String {
        switch TaskWork(json: task.work) {
        case .dbt(let path, _), .dbtClosing(let path), .entry(let path): path
        case .sync, .empty, nil: task.id.rawValue
        }
    }

    /// The executor of a task's pods, and what the pod of an attempt is made of.
    /// - Parameter handed: what the task needs of the store.
    /// - Throws: `TaskFailure` where the task does not run in a pod.
    func order(_ attempt: TaskAttempt, tasks: Set<TaskID>, handed: JSON) throws -> (KubernetesExecutor, KubernetesExecutor.Order)
    {
        let path = Self.path(of: attempt.task)
        guard var settings = settings[path] else { throw TaskFailure("the task '\(attempt.task.id)' runs in no pod") }
        guard let (executor, namespace) = pods.executor else { throw TaskFailure("the cluster was not looked for") }
        if settings.namespace.isEmpty { settings.namespace = namespace }
        let secrets = secrets[path] ?? [:]
        let spec = PodTaskSpec(
            attempt, tasks: tasks.sorted(), handed: PodHandover.json(handed, hiding: secrets.keys.sorted()))
        return (executor, KubernetesExecutor.Order(settings: settings, spec: spec, secrets: secrets))
    }

    func attemptWasRecorded(_ attempt: TaskAttempt) {
        pods.executor?.0.attemptWasRecorded(attempt)
    }
}

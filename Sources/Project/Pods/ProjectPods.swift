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

    /// The executor, and the namespace where nothing else is said.
    /// - Throws: `KubernetesError` where there is no cluster.
    func executor(of project: LeatProject) throws -> (KubernetesExecutor, namespace: String) {
        try state.withLock { state in
            if let executor = state.executor { return executor }
            let configuration = try ClusterConfiguration.load(
                context: project.kubernetes?.context, environment: project.environment)
            let cluster = PodCluster(try KubernetesClient(configuration), project: project.name)
            let made: (KubernetesExecutor, namespace: String) = (KubernetesExecutor(cluster), configuration.namespace)
            state.executor = made
            return made
        }
    }

    /// Finishes what is being cleared away, and closes the connections.
    package func close() async {
        let executor = state.withLock { state in
            defer { state.executor = nil }
            return state.executor?.0
        }
        await executor?.close()
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
    func connect() throws { _ = try pods.executor(of: project) }

    func contains(_ task: TaskDefinition) -> Bool { settings[Self.path(of: task)] != nil }

    /// The path in leat.yml of what a task of the engine comes from.
    private static func path(of task: TaskDefinition) -> String {
        switch TaskWork(json: task.work) {
        case .dbt(let path, _), .dbtClosing(let path), .entry(let path): path
        case .sync, .empty, nil: task.id.rawValue
        }
    }

    /// The executor of a task's pods, and what the pod of an attempt is made of; nil where the task runs here.
    func order(_ attempt: TaskAttempt, tasks: Set<TaskID>) throws -> (KubernetesExecutor, KubernetesExecutor.Order)? {
        let path = Self.path(of: attempt.task)
        guard var settings = settings[path] else { return nil }
        let (executor, namespace) = try pods.executor(of: project)
        if settings.namespace.isEmpty { settings.namespace = namespace }
        let spec = PodTaskSpec(attempt, tasks: tasks.sorted())
        return (executor, KubernetesExecutor.Order(settings: settings, spec: spec, secrets: secrets[path] ?? [:]))
    }

    func attemptWasRecorded(_ attempt: TaskAttempt) {
        (try? pods.executor(of: project))?.0.attemptWasRecorded(attempt)
    }
}

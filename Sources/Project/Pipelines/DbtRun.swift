import Diagnostics
import Orchestrate
import Synchronization
import Transform

/// A dbt project inside a run: read once before it begins, then run node by node as the engine asks for them.
final class DbtRun: Sendable {
    let graph: DbtTaskGraph
    /// The dbt project's folder, relative to leat.yml.
    private let folder: String
    private let session: TransformSession
    private let plan: ExecutionPlan
    /// Connections, schemas and hooks of the project are made ready by the first node that runs.
    private let preparation: OnceTask
    private let results = Mutex<[NodeResult]>([])

    private init(folder: String, session: TransformSession, plan: ExecutionPlan, graph: DbtTaskGraph) {
        self.folder = folder == "." ? "" : folder
        self.session = session
        self.plan = plan
        self.graph = graph
        preparation = OnceTask { try await session.prepare(plan) }
    }

    /// Reads the project and makes its graph of tasks. Connects to nothing.
    static func prepare(_ task: TaskEntry.DbtTask, in project: LeatProject) async throws -> DbtRun {
        var options = InvocationOptions(projectDirectory: project.path(task.project))
        options.target = task.target
        options.select = task.select
        options.exclude = task.exclude
        options.command = task.tests == .none ? "run" : "build"
        let session = try await TransformSession.load(options)
        let plan = try session.plan(.build)
        return DbtRun(
            folder: task.project, session: session, plan: plan,
            graph: DbtTaskGraph(plan, of: session.manifest, tests: task.tests))
    }

    /// Runs one node.
    /// - Throws: `TaskFailure` where the node or the test failed.
    func runNode(_ node: String, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        try await preparation.value()
        let result = await session.runNode(NodeID(node)) { event in
            guard case .log(let message) = event else { return }
            report(.log(LogLine(message.text, level: LogLine.Level(message.level), stream: "dbt")))
        }
        try Task.checkCancellation()
        results.withLock { $0.append(result) }
        switch result.status {
        case .success, .pass, .noOp: return TaskOutcome(message: result.message, rows: result.rowsAffected)
        case .warn:
            let message = "warning: \(result.message ?? "the test found rows")"
            report(.log(LogLine(message, level: .warning, stream: "dbt")))
            return TaskOutcome(message: message)
        case .skipped: return .skipped(result.message)
        case .error, .fail, .partialSuccess: throw TaskFailure(result, in: folder)
        }
    }

    /// Writes the artifacts of what ran, closes the connections.
    func finish() async {
        await session.finish(InvocationResults(results: results.withLock { $0 }))
    }
}

extension LogLine.Level {
    fileprivate init(_ level: LogMessage.Level) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .warn: self = .warning
        case .error: self = .error
        }
    }
}

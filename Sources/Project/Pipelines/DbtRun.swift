import Diagnostics
import Foundation
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
    /// The tests that run in the task of another node, by that node.
    private let ownTests: [String: [String]]

    private init(folder: String, session: TransformSession, plan: ExecutionPlan, graph: DbtTaskGraph) {
        self.folder = folder == "." ? "" : folder
        self.session = session
        self.plan = plan
        self.graph = graph
        ownTests = Dictionary(
            graph.nodes.filter { !$0.ownTests.isEmpty }.map { ($0.id, $0.ownTests) }, uniquingKeysWith: { first, _ in first })
        preparation = OnceTask { try await session.prepare(plan) }
    }

    /// Reads the project and makes its graph of tasks. Connects to nothing.
    static func prepare(_ task: TaskEntry.DbtTask, in project: LeatProject) async throws -> DbtRun {
        let folder = project.path(task.project)
        guard FileManager.default.fileExists(atPath: folder + "/dbt_project.yml") else {
            throw ProjectError(
                .notFound, "there is no dbt_project.yml in '\(task.project)'", location: task.location,
                hint: "'project' is the dbt project's folder, seen from \(LeatProject.fileName)")
        }
        var options = InvocationOptions(projectDirectory: folder)
        options.target = task.target
        options.select = task.select
        options.exclude = task.exclude
        options.command = task.tests == .none ? "run" : "build"
        let session = try await load(options, for: task)
        // So that the next run need not parse the project. Where it cannot be written that is all there is to it.
        try? session.writeManifest()
        var plan = try session.plan(.build)
        // A task for each exposure would do nothing.
        plan.nodes.removeAll { session.manifest.isIdle($0.id) }
        return DbtRun(
            folder: task.project, session: session, plan: plan,
            graph: DbtTaskGraph(plan, of: session.manifest, tests: task.tests))
    }

    /// Reads the project. Files are named as seen from leat.yml; what is wrong with the profile is the task's affair too.
    private static func load(_ options: InvocationOptions, for task: TaskEntry.DbtTask) async throws -> TransformSession {
        do {
            return try await TransformSession.load(options)
        } catch var error as TransformError {
            if error.kind == .profile { error.details.append("asked for by the task at \(task.location)") }
            error.location = error.location.map { placed($0, of: options.projectDirectory, as: task.project) }
            throw error
        }
    }

    /// A place in the dbt project's own file, as seen from leat.yml; one in a built-in macro stays as it is.
    private static func placed(_ location: SourceLocation, of directory: String, as folder: String) -> SourceLocation {
        guard !location.file.hasPrefix("/"), !folder.isEmpty, folder != ".",
            FileManager.default.fileExists(atPath: directory + "/" + location.file)
        else { return location }
        return SourceLocation(file: folder + "/" + location.file, line: location.line, column: location.column)
    }

    private func failure(_ result: NodeResult) -> TaskFailure {
        let location = result.error?.location.map {
            Self.placed($0, of: session.options.projectDirectory, as: folder)
        }
        return TaskFailure(result, of: session.manifest, in: folder, location: location)
    }

    /// Runs one node, and the tests that belong to its task.
    /// - Throws: `TaskFailure` where the node or a test failed.
    func runNode(_ node: String, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        try await preparation.value()
        let outcome = try await runOne(node, report: report)
        guard let tests = ownTests[node], !outcome.isSkipped else { return outcome }
        var failures: [TaskFailure] = []
        for test in tests {
            do {
                _ = try await runOne(test, report: report)
            } catch let failure as TaskFailure {
                report(.log(LogLine(failure.message, level: .error, stream: "dbt")))
                failures.append(failure)
            }
        }
        guard var first = failures.first else { return outcome }
        for other in failures.dropFirst() { first.details.append("also: \(other.message)") }
        throw first
    }

    private func runOne(_ node: String, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        let result = await session.runNode(NodeID(node)) { Self.log($0, to: report) }
        try Task.checkCancellation()
        results.withLock { $0.append(result) }
        switch result.status {
        case .success, .pass, .noOp:
            return TaskOutcome(message: result.message, rows: result.rowsAffected, updates: updates(of: result))
        case .warn:
            let message = "warning: \(result.message ?? "the test found rows")"
            report(.log(LogLine(message, level: .warning, stream: "dbt")))
            return TaskOutcome(message: message)
        case .skipped: return .skipped(result.message)
        case .error, .fail, .partialSuccess: throw failure(result)
        }
    }

    /// What a node that is no test has built.
    private func updates(of result: NodeResult) -> [DataUpdate] {
        guard let node = session.manifest.node(result.id), node.resourceType != .test else { return [] }
        var updates = [DataUpdate(DataReference(.model, node.name))]
        if let schema = node.schema, node.relationName != nil {
            updates.append(DataUpdate(DataReference(.table, "\(schema).\(node.alias)")))
        }
        return updates
    }

    /// Runs the project's on-run-end hooks, once all nodes have ended. Does nothing where none of them began.
    /// - Throws: `TaskFailure` where a hook failed.
    func runClosingHooks(report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        guard await preparation.hasSucceeded() else { return .skipped("the project's nodes did not begin") }
        let failed = try await session.runClosingHooks(InvocationResults(results: results.withLock { $0 })) {
            Self.log($0, to: report)
        }
        try Task.checkCancellation()
        results.withLock { $0 += failed }
        if let first = failed.first { throw failure(first) }
        return .success
    }

    /// The same where nobody else has made the project ready, as in a pod of its own.
    func runClosingHooksAlone(report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        try await preparation.value()
        return try await runClosingHooks(report: report)
    }

    private static func log(_ event: TransformEvent, to report: @Sendable (TaskReport) -> Void) {
        guard case .log(let message) = event else { return }
        report(.log(LogLine(message.text, level: LogLine.Level(message.level), stream: "dbt")))
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
